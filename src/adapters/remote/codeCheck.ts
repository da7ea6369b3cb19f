import type { StreamHost } from '../host/streamHost';
import type { FileTransfer } from '../transfer/fileTransfer';
import type { CodeEntry } from './codeList';

/** The files below $1 that may be executed, and the links with what they point to: `x./run.sh⌁`, `l./data⌁/mnt/data⌁`. */
const MODES = `cd "$1" || exit 1
find . -type f -perm -100 -exec sh -c 'for f; do printf "x%s\\0" "$f"; done' sh {} +
find . -type l -exec sh -c 'for l; do printf "l%s\\0%s\\0" "$l" "$(readlink "$l")"; done' sh {} +`;

/** Hashing what a project's code is made of may take this long on a slow disk. */
const TIMEOUT_MS = 600_000;

/** Files in a directory of a host that are not what they should be. */
export interface CodeDifferences {
  /** By what they hold, or what a link points to. */
  readonly content: readonly string[];
  /** By whether they may be executed, which not every file system can tell. */
  readonly mode: readonly string[];
}

/** Compares a copy of code with what it should be, in two round trips at one time. */
export async function compareCode(
  host: StreamHost,
  transfer: FileTransfer,
  dir: string,
  entries: readonly CodeEntry[],
  signal: AbortSignal,
): Promise<CodeDifferences> {
  const files = entries.filter(({ kind }) => kind !== 'link');
  const [sums, { programs, links }] = await Promise.all([
    transfer.sums(
      dir,
      files.map(({ path }) => path),
      signal,
    ),
    readModes(host, dir, signal),
  ]);
  const isRight = ({ path, kind, content }: CodeEntry): boolean =>
    (kind === 'link' ? links.get(path) : sums.get(path)?.sha256) === content;
  const mode = files.filter(({ path, kind }) => programs.has(path) !== (kind === 'program'));
  return {
    content: entries.filter((entry) => !isRight(entry)).map(({ path }) => path),
    // Where everything may be executed, nothing else can be had.
    mode: programs.size === files.length ? [] : mode.map(({ path }) => path),
  };
}

async function readModes(
  host: StreamHost,
  dir: string,
  signal: AbortSignal,
): Promise<{ programs: Set<string>; links: Map<string, string> }> {
  const { stdout } = await host.run(['sh', '-c', MODES, 'sh', dir], signal, { timeoutMs: TIMEOUT_MS });
  const programs = new Set<string>();
  const links = new Map<string, string>();
  const parts = stdout.split('\0');
  for (let part = parts.shift(); part !== undefined && part !== ''; part = parts.shift()) {
    const path = part.slice(3);
    if (part.startsWith('x')) programs.add(path);
    else links.set(path, parts.shift() ?? '');
  }
  return { programs, links };
}
