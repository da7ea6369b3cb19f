import { posix } from 'node:path';
import { quoteWord } from '../../../core/base/shellWord';
import type { FileRange, FileToWrite } from '../../../core/compute/host';
import { escapeBytes } from './bootstrap';

/**
 * Prints the size of a file on a line and then a piece of it; an absent file is told by the word `absent`. Only what
 * POSIX and BusyBox both have.
 */
export function readScript(path: string, range: FileRange): string {
  const file = quoteWord(operand(path));
  const start =
    range.offset < 0
      ? `start=$((size${range.offset})); [ $start -gt 0 ] || start=0`
      : `start=${range.offset}; [ $start -lt $size ] || start=$size`;
  const limit = Number.isFinite(range.limit) ? ` | head -c ${range.limit}` : '';
  return (
    `if [ ! -e ${file} ]; then echo absent; exit 0; fi\n` +
    // The redirection of a command group keeps its message where nothing is piped.
    `size=$(wc -c <${file}) || exit 1\n` +
    `size=$((size)); ${start}\n` +
    'echo "$size $start"\n' +
    `[ $start -ge $size ] || tail -c +$((start + 1)) -- ${file}${limit}`
  );
}

/** The answer of {@link readScript}. */
export interface ReadAnswer {
  readonly size: number;
  readonly start: number;
  readonly bytes: Buffer;
}

/** Reads e.g. `812 640\n…bytes…` or `absent\n`. */
export function parseReadAnswer(answer: Buffer): ReadAnswer {
  const lineEnd = answer.indexOf('\n');
  const [size = '0', start = '0'] = answer.toString('latin1', 0, lineEnd).split(' ');
  if (size === 'absent') return { size: 0, start: 0, bytes: Buffer.alloc(0) };
  return { size: Number(size), start: Number(start), bytes: answer.subarray(lineEnd + 1) };
}

/** A file to write, as its script knows it. */
export interface PlannedFile {
  readonly path: string;
  readonly temporary: string;
  readonly mode: number | undefined;
  readonly bytes: Buffer;
}

/** @param token - makes the name on the way unique; letters and digits */
export function planFile({ path, content, mode }: FileToWrite, token: string): PlannedFile {
  const temporary = posix.join(posix.dirname(path), `.${posix.basename(path)}.${token}`);
  return { path, temporary, mode, bytes: Buffer.from(content) };
}

/** Writes files whose content stands in the script. */
export function writeInlineScript(files: readonly PlannedFile[]): string {
  return writeScript(files, (file) => `printf %b '${escapeBytes(file.bytes)}'`);
}

/** Writes files whose contents come one after the other on standard input. */
export function writeStreamScript(files: readonly PlannedFile[]): string {
  const [only, ...others] = files;
  if (!only) return ':';
  if (others.length === 0) return writeScript(files, () => 'cat');
  // In a file first: not every `head` leaves alone what comes after its part of a pipe.
  const bundle = quoteWord(operand(`${only.temporary}.all`));
  const offsets = files.map((_, index) =>
    files.slice(0, index).reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const parts = new Map(files.map((file, index) => [file, offsets[index] ?? 0]));
  return [
    `cat >${bundle} || { rm -f -- ${bundle}; exit 1; }`,
    `[ "$(($(wc -c <${bundle})))" -eq ${total} ] || { echo 'the input was cut off' >&2; rm -f -- ${bundle}; exit 1; }`,
    writeScript(
      files,
      (file) => `tail -c +${(parts.get(file) ?? 0) + 1} -- ${bundle} | head -c ${file.bytes.length}`,
      bundle,
    ),
  ].join('\n');
}

/** Creates directories with their parents. */
export function makeDirsScript(paths: readonly string[]): string {
  return `mkdir -p -- ${paths.map((path) => quoteWord(path)).join(' ')}`;
}

function writeScript(
  files: readonly PlannedFile[],
  produce: (file: PlannedFile) => string,
  bundle = '',
): string {
  const temporaries = files.map(({ temporary }) => quoteWord(operand(temporary))).join(' ');
  const dirs = [...new Set(files.map(({ path }) => quoteWord(operand(posix.dirname(path)))))].join(' ');
  return [
    `fail() { rm -f -- ${temporaries} ${bundle}; exit 1; }`,
    ...files.map((file) => writeTemporary(file, produce(file))),
    // With operands it flushes those; where it takes none it flushes everything.
    `if command -v sync >/dev/null; then sync ${temporaries} || fail; fi`,
    ...files.map(rename),
    // Some file systems cannot do that for a directory.
    `sync ${dirs} 2>/dev/null || :`,
    ...(bundle === '' ? [] : [`rm -f -- ${bundle}`]),
  ].join('\n');
}

function writeTemporary({ temporary, mode, bytes }: PlannedFile, producer: string): string {
  const file = quoteWord(operand(temporary));
  // What is to be readable for some only is so from the start.
  const write =
    mode === undefined
      ? `${producer} >${file}`
      : `{ (umask 077; ${producer} >${file}) && chmod ${mode.toString(8)} ${file}; }`;
  // A full disk, or a connection that ended in the middle, leaves a part.
  const check = `[ "$(($(wc -c <${file})))" -eq ${bytes.length} ]`;
  return `${write} || fail\n${check} || { echo 'it could not be written whole' >&2; fail; }`;
}

function rename({ path, temporary }: PlannedFile): string {
  const file = quoteWord(operand(path));
  // `mv` would move it into a directory of that name.
  return (
    `if [ -d ${file} ]; then printf '%s\\n' ${quoteWord(`${path} is a directory`)} >&2; fail; fi\n` +
    `mv -f -- ${quoteWord(operand(temporary))} ${file} || fail`
  );
}

/** No path of ours is relative; one that was would not be taken for an option. */
function operand(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}
