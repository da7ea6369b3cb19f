import type { FileToWrite } from '../../core/compute/host';
import { posixCksum } from './posixCksum';
import { RUNNER_FOLDERS, RUNNER_PROGRAM, SETTING_NAMES } from './runnerFiles';
import { SEGMENT_MARK } from './segment';

const FILES = [...Object.keys(RUNNER_PROGRAM), ...SETTING_NAMES];

/**
 * Makes the runner's directories and tells what is in them, in one round trip. Without `cksum` there nothing is told
 * of the files, and all are written again.
 */
const SCRIPT = [
  'mkdir -p -- "$1" "$2" && cd "$1" || exit 1',
  `mkdir -p ${RUNNER_FOLDERS.join(' ')} || exit 1`,
  `for f in queue/*${SEGMENT_MARK}; do [ ! -e "$f" ] || printf 'batch %s\\n' "\${f#queue/}"; done`,
  `cksum ${FILES.join(' ')} 2>/dev/null`,
  'true',
].join('\n');

/** What is in a runner's directory. */
export interface RunnerLook {
  /** Names of the last segments of batches that were accepted. */
  readonly batches: ReadonlySet<string>;
  /** File name → what `cksum` says of it, e.g. `1340498107 7242`. */
  readonly checksums: ReadonlyMap<string, string>;
}

/** The command that looks; its output is for {@link parseLook}. */
export function lookArgv(shell: string, runDir: string, tasksDir: string): readonly string[] {
  return [shell, '-c', SCRIPT, 'sh', runDir, tasksDir];
}

/**
 * ```
 * batch 000001.last
 * 1340498107 7242 runner.sh
 * ```
 */
export function parseLook(stdout: string): RunnerLook {
  const batches = new Set<string>();
  const checksums = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [first = '', second = '', name = ''] = line.trim().split(/\s+/);
    if (first === 'batch') batches.add(second);
    else if (name !== '') checksums.set(name, `${first} ${second}`);
  }
  return { batches, checksums };
}

/** The files that are not there as they should be. */
export function changedFiles(
  files: Readonly<Record<string, string>>,
  { checksums }: RunnerLook,
  runDir: string,
): FileToWrite[] {
  return Object.entries(files)
    .filter(([name, content]) => checksums.get(name) !== posixCksum(content))
    .map(([name, content]) => ({ path: `${runDir}/${name}`, content }));
}
