import { randomBytes } from 'node:crypto';
import type { StreamHost } from '../host/streamHost';
import { runScript, toNulList } from './hostScript';
import { failedTool } from './transferError';

/** What lies in a directory of a host. */
export interface TreeEntry {
  /** Relative, without `./`. Bytes that are no UTF-8 became U+FFFD. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  /** Whole seconds since 1970: what every tool can tell. */
  readonly mtimeSec: number;
  /** Where a symbolic link leads, as it says; empty: the host cannot tell. */
  readonly target?: string;
}

export interface TreeListing {
  readonly entries: readonly TreeEntry[];
  /** What could not be looked at; empty: these are all entries. */
  readonly complaints: readonly Complaint[];
}

/** Something that could not be looked at. */
export interface Complaint {
  /** Relative; undefined: the tool did not say what, so it may be anything. */
  readonly path: string | undefined;
  /** E.g. `Permission denied`; without a path the tool's own words. */
  readonly reason: string;
}

/**
 * Lists a directory with all below it, or of it only what `files` names (directories with all below them), in one
 * round trip. Follows no links. A directory that is not there is empty.
 *
 * @throws HsmError `command.failed` when the host has neither GNU find nor `stat`
 */
export async function listTree(
  host: StreamHost,
  dir: string,
  files: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<TreeListing> {
  if (files?.length === 0) return { entries: [], complaints: [] };
  const mark = randomBytes(12).toString('hex');
  const argv = [dir, mark, walkScript, files ? 'named' : 'all'];
  const what = `listing ${dir}`;
  const stdin = toNulList(files ?? []);
  const output = await runScript(
    host,
    { script: listScript, args: argv, stdin, what, isBrief: true },
    signal,
  );
  const { end, stderr, isCut } = output;
  const entries = parseListing(output.stdout, mark);
  if (entries === undefined) throw failedTool(host, what, ['find', dir], end, stderr);
  // Without a failure, what was said came from start-up files or the like.
  if (end.kind === 'exited' && end.exitCode === 0) return { entries, complaints: [] };
  const rest: Complaint[] = isCut ? [{ path: undefined, reason: 'there were too many complaints' }] : [];
  return { entries, complaints: [...parseComplaints(stderr), ...rest] };
}

/**
 * What find and stat said of what they could not look at: `find: './a b/c': Permission denied`, quoted or not. What was
 * gone when its turn came is no complaint: there is nothing left to bring.
 */
export function parseComplaints(stderr: string): Complaint[] {
  const lines = stderr.split('\n').filter((line) => /^(?:\S*\/)?(?:find|stat|xargs): /.test(line));
  if (lines.length === 0) return [{ path: undefined, reason: stderr.trim() || 'find failed without a word' }];
  return lines.flatMap((line): Complaint | readonly [] => {
    const [, path, reason = ''] = /\.\/(.+?)['’"]?: ([^:]*)$/.exec(line) ?? [];
    if (path !== undefined && reason === 'No such file or directory') return [];
    return { path, reason: path === undefined ? line : reason };
  });
}

/**
 * Records are those of {@link parseRecord}, each with a `|`, the mark and a line break behind it. The mark is new for every
 * listing, so that no name can pretend to be a record. Behind the record of a symbolic link stands where it leads: `=sub/a b.txt`.
 *
 * @returns undefined when the last record is missing
 */
export function parseListing(bytes: Buffer, mark: string): TreeEntry[] | undefined {
  const ending = Buffer.from(`|${mark}\n`);
  const entries: TreeEntry[] = [];
  let start = 0;
  for (let at = bytes.indexOf(ending); at >= 0; at = bytes.indexOf(ending, start)) {
    const record = bytes.toString('utf8', start, at);
    start = at + ending.length;
    if (record === 'end') return entries;
    const last = entries.at(-1);
    if (record.startsWith('=')) {
      if (last?.kind === 'link') entries[entries.length - 1] = { ...last, target: record.slice(1) };
      continue;
    }
    const entry = parseRecord(record);
    if (entry) entries.push(entry);
  }
  return undefined;
}

/** `f|5120|1763812345.1234|./logs/a b.txt`; undefined for anything else, and for the directory itself. */
export function parseRecord(record: string): TreeEntry | undefined {
  const fields = /^(.)\|(\d+)\|(-?\d+)[^|]*\|\.\/(.+)$/s.exec(record);
  if (!fields) return undefined;
  const [, letter, size, mtime, path = ''] = fields;
  const kind = KINDS[letter ?? ''] ?? 'other';
  return { path, kind, size: Number(size), mtimeSec: Number(mtime) };
}

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = { f: 'file', d: 'directory', l: 'link' };

// The directory itself comes as `.`, which is no record.
// Complaints are read, so they are wanted in one language.
const listScript = `dir=$1 mark=$2 walk=$3 which=$4 code=0
export LC_ALL=C
if cd "$dir" 2>/dev/null; then
  if [ "$which" = named ]; then xargs -0 /bin/sh -c "$walk" sh "$mark"; else /bin/sh -c "$walk" sh "$mark" .; fi
  code=$?
  case $code in 0|1|123) ;; *) exit 1 ;; esac
elif [ -e "$dir" ]; then
  cd "$dir" || exit 1
fi
printf 'end|%s\\n' "$mark"
exit $code`;

/**
 * Lists the paths `$2`, … with all below them, each record ended by the mark `$1`. GNU find tells all by itself;
 * otherwise stat does, GNU's and BusyBox's by -c, BSD's by -f.
 */
export const walkScript = `mark=$1; shift
if find / -maxdepth 0 -printf x >/dev/null 2>&1; then
  exec find "$@" -type l -printf "l|%s|%T@|%p|$mark\\n=%l|$mark\\n" -o -printf "%y|%s|%T@|%p|$mark\\n"
fi
if stat -c %s / >/dev/null 2>&1; then flag=-c columns='%s|%Y|%n'
elif stat -f %z / >/dev/null 2>&1; then flag=-f columns='%z|%m|%N'
else echo 'there is no stat' >&2; exit 2; fi
exec find "$@" -type f -exec stat $flag "f|$columns|$mark" {} + -o \\
  -type d -exec stat $flag "d|$columns|$mark" {} + -o -type l -exec /bin/sh -c 'mark=$1; shift
  for path; do printf "l|0|0|%s|%s\\n=%s|%s\\n" "$path" "$mark" "$(readlink "$path")" "$mark"; done' sh "$mark" {} + -o \\
  -exec stat $flag "o|$columns|$mark" {} +`;
