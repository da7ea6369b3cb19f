import { randomBytes } from 'node:crypto';
import { errorText, HsmError } from '../../core/base/errors';
import { quoteWord } from '../../core/base/shellWord';
import type { HealthFinding } from '../../core/compute/computeSource';
import type { Host } from '../../core/compute/host';
import beginning from './check.sh';
import { formatEnvironment, formatSetup, type Surroundings } from './runnerFiles';
import { ACTIVATION, explainFailedLine, isActivation, type FailedLine } from './setupTrouble';

/** conda and modules on network disks take their time. */
const LIMIT_MS = 60_000;

/** Reads the program first, so that lines of setup cannot read it as their input. */
const READ_ALL = 'hsm_all=$(cat); eval "$hsm_all"';

/** Where setup is tried. */
export interface CheckPlace {
  /** Default `sh`. */
  readonly shell?: string;
  /** Absolute; absent: the home directory, where what is relative to the project says nothing. */
  readonly projectDir?: string;
}

/**
 * Tries on a host what prepares the environment of tasks there, as each slot will, and changes nothing but what the lines
 * themselves do.
 *
 * @returns what is wrong with it; undefined: nothing
 * @throws HsmError `host.unreachable`, `host.refused`
 */
export async function checkSetup(
  host: Host,
  surroundings: Surroundings,
  { shell = 'sh', projectDir }: CheckPlace,
  signal: AbortSignal,
): Promise<HealthFinding | undefined> {
  const setup = formatSetup(surroundings);
  if (setup === '') return undefined;
  const mark = `=hsm ${randomBytes(6).toString('hex')}`;
  const program = [
    `hsm_mark=${quoteWord(mark)}\n`,
    beginning,
    formatEnvironment(surroundings.env),
    setup,
    'trap - EXIT\n',
    `printf '\\n%s done\\n' "$hsm_mark"\n`,
  ].join('');
  const home = projectDir === undefined ? 'cd && ' : '';
  const argv = [shell, '-c', `${home}${READ_ALL}`, 'sh', projectDir ?? '.'];
  let answer;
  try {
    answer = await host.run(argv, signal, { stdin: program, timeoutMs: LIMIT_MS });
  } catch (error) {
    if (signal.aborted || isOutOfSight(error)) throw error;
    return untried(error, host.label);
  }
  const failed = parseCheck(answer.stdout, mark);
  if (!failed) return undefined;
  const isCertain = projectDir !== undefined || isElsewhere(failed);
  return { severity: isCertain ? 'error' : 'warning', ...explainFailedLine(failed, host.label) };
}

function isOutOfSight(error: unknown): boolean {
  return HsmError.is(error, 'host.unreachable') || HsmError.is(error, 'host.refused');
}

/** E.g. a line that waits for something: what it would do to tasks is not known. */
function untried(error: unknown, place: string): HealthFinding {
  return {
    severity: 'warning',
    text: `What prepares the environment of tasks could not be tried on ${place}: ${errorText(error)}`,
    fix: 'Look whether a line of `setup` waits for something.',
  };
}

/**
 * ```
 * =hsm 2f6c begin
 * sh: 4: module: not found
 *
 * =hsm 2f6c failed module load cuda
 * ```
 */
function parseCheck(stdout: string, mark: string): FailedLine | undefined {
  if (stdout.includes(`\n${mark} done\n`)) return undefined;
  const parts = stdout.split(`\n${mark} `);
  const last = parts.at(-1) ?? '';
  const line = /^failed (.*)\n/.exec(last)?.[1];
  const said = (line === undefined ? last : (parts.at(-2) ?? '')).replace(/^begin\n/, '').split('\n');
  return { line: line ?? 'setup', said: said.filter((each) => each.trim() !== '').slice(-5) };
}

/** Whether it fails whatever the directory: the code of a sweep that brings its own is not there yet. */
function isElsewhere({ line, said }: FailedLine): boolean {
  if (isActivation(line)) return !/^[^~/].*\//.test(line.slice(ACTIVATION.length));
  return /^(?:module|ml)\s/.test(line) || said.some((each) => /: (?:command )?not found$/.test(each));
}
