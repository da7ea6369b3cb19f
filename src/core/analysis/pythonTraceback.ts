import { readException, type PrintedException } from './pythonException';
import { splitGroup } from './pythonExceptionGroup';
import { withoutBoxes } from './richTraceback';
import { connection, isAside, isGroupHeader, isHeader, parseFrame, type Connection } from './tracebackLines';

/** One exception of a Python traceback. */
export interface TracedException extends PrintedException {
  /** What the exception printed before it was to this one: its cause, or what was handled when this one was raised. */
  readonly follows?: Connection;
  /** The members of an exception group and of the groups inside it, in the order in which they are printed. */
  readonly members?: readonly TracedException[];
}

/** A traceback with its chain, as Python prints it. */
export interface PythonTraceback {
  /** In the order in which they are printed: the first cause first, the one raised last at the end. */
  readonly exceptions: readonly [TracedException, ...TracedException[]];
  /** Lines that follow the last exception's own one: the first of them may belong to its message. */
  readonly after: readonly string[];
}

interface Chain {
  readonly exceptions: [TracedException, ...TracedException[]];
  /** Python says itself that this one did not end the program. */
  readonly aside: boolean;
  /** Index after the last exception's own line. */
  said: number;
}

/** What was read where a traceback begins; without the exception when its line is missing. */
interface Found {
  readonly exception?: TracedException;
  readonly end: number;
  readonly said: number;
}

/**
 * The last traceback in a program's output that can have ended it; one that Python marks as ignored, or as another
 * thread's, is taken only when there is no other.
 *
 * @param lines - without terminal escapes, see `cleanLines`
 * @see https://docs.python.org/3/library/traceback.html
 */
export function parsePythonTraceback(lines: readonly string[]): PythonTraceback | undefined {
  const own = withoutProcessPrefix(withoutLauncher(withoutBoxes(lines)));
  const chains = readChains(own);
  const chain = chains.findLast(({ aside }) => !aside) ?? chains.at(-1);
  if (!chain) return undefined;
  return { exceptions: chain.exceptions, after: own.slice(chain.said) };
}

function readChains(lines: readonly string[]): Chain[] {
  const chains: Chain[] = [];
  let at = 0;
  while (at < lines.length) {
    const found = readAt(lines, at);
    if (found?.exception) add(chains, lineBefore(lines, at), found.exception, found.said);
    at = found?.end ?? at + 1;
  }
  return chains;
}

/** The traceback that begins in this line, where one does. */
function readAt(lines: readonly string[], at: number): Found | undefined {
  const line = lines[at] ?? '';
  if (isGroupHeader(line)) return readGroup(lines, at);
  if (isHeader(line)) return readException(lines, at + 1, { usualNames: false });
  // The head of a traceback may have been cut off, and a script with a syntax error is reported without one.
  return parseFrame(line) && readException(lines, at, { usualNames: true });
}

function add(chains: Chain[], before: string, exception: TracedException, said: number): void {
  const follows = connection(before);
  const last = chains.at(-1);
  if (follows && last) {
    last.exceptions.push({ ...exception, follows });
    last.said = said;
  } else chains.push({ exceptions: [exception], aside: isAside(before), said });
}

/** The nearest line above that is not empty. */
function lineBefore(lines: readonly string[], at: number): string {
  for (let index = at - 1; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    if (line.trim() !== '') return line;
  }
  return '';
}

function readGroup(lines: readonly string[], at: number): Found {
  const after = lines.findIndex((line, index) => index > at && !/^\s*[|+]/u.test(line));
  const end = after < 0 ? lines.length : after;
  const [group, ...members] = splitGroup(lines.slice(at, end)).map(readSection);
  return group
    ? { exception: { ...group, members: members.filter((member) => member !== undefined) }, end, said: end }
    : { end, said: end };
}

/** The exception raised last in a section of a group; a member may have none but its last line. */
function readSection(section: readonly string[]): TracedException | undefined {
  return (
    readChains(section).at(-1)?.exceptions.at(-1) ??
    readException(section, 0, { usualNames: false }).exception
  );
}

/**
 * torchrun ends with a traceback of its own, about nothing but that one of its processes failed. Keeps what is before it,
 * where a process has told more.
 */
function withoutLauncher(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => /^(?:[\w.]+\.)?ChildFailedError\b/u.test(line));
  const head = lines.findLastIndex((line, index) => index < end && isHeader(line));
  const before = lines.slice(0, Math.max(0, head));
  return before.some(isHeader) ? before : lines;
}

/**
 * Launchers of several processes put the process before each line: `[rank0]: Traceback …`. Keeps the lines of the
 * process whose traceback came last.
 */
function withoutProcessPrefix(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex(isHeader);
  const prefix = /^(?:\[[^\]]*\]:? |\d+: |\([^)]*\) )/u.exec(lines[at] ?? '')?.[0];
  const next = lines.slice(at + 1).find((line) => prefix !== undefined && line.startsWith(prefix));
  if (prefix === undefined || next === undefined) return lines;
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}
