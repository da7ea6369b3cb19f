import type { Frame } from './failure';
import { isAfterword, isProgress } from './afterTrace';
import { isBoundary, parseExceptionLine, parseFrame } from './tracebackLines';

/** What one traceback says, from its first frame to the exception's message. */
export interface PrintedException {
  /** As printed, without `__main__.`: `ValueError`, `torch.cuda.OutOfMemoryError`. */
  readonly type: string;
  /** May have several lines, notes among them; empty when there is none. */
  readonly message: string;
  /** Outermost first. */
  readonly frames: readonly Frame[];
}

/** Other processes and threads may print between two lines of a traceback; past so many it is given up. */
const FOREIGN_LINES = 30;
const MESSAGE_LINES = 60;
// `    ~~~~~^^^^^^^^` under the source line, from Python 3.11 on.
const MARKER = /^\s+[~^]+\s*$/u;

/**
 * Reads frames and exception that begin in line `from`.
 *
 * @param options - `usualNames`: take a line for the exception only when the type's name leaves no doubt
 * @returns `end`: the first line after it, always past `from`; `said`: the first after the exception's own line, before
 *   further lines of its message; no exception when its line is missing
 */
export function readException(
  lines: readonly string[],
  from: number,
  options: { usualNames: boolean },
): { exception?: PrintedException; end: number; said: number } {
  const frames: Frame[] = [];
  let foreign = 0;
  let at = from;
  for (; at < lines.length && foreign < FOREIGN_LINES; at += 1) {
    const line = lines[at] ?? '';
    if (isBoundary(line)) break;
    if (/^\s/u.test(line)) readIndented(frames, line);
    else if (endsTraceback(lines, at, options.usualNames)) return finish(lines, at, frames);
    else foreign += 1;
  }
  const end = Math.max(at, from + 1);
  return { end, said: end };
}

function readIndented(frames: Frame[], line: string): void {
  const frame = parseFrame(line);
  const last = frames.at(-1);
  if (frame) frames.push(frame);
  else if (last && last.text === undefined && !MARKER.test(line) && !line.startsWith('  [Previous line'))
    frames[frames.length - 1] = { ...last, text: line.trim() };
}

/** Whether the exception's own line is here, and not one that another process printed into the traceback. */
function endsTraceback(lines: readonly string[], at: number, usualNames: boolean): boolean {
  const parsed = parseExceptionLine(lines[at] ?? '');
  if (!parsed) return false;
  return parsed.usual || (!usualNames && !goesOn(lines, at + 1));
}

function goesOn(lines: readonly string[], from: number): boolean {
  // PyTorch's data loader puts its worker's traceback into the message.
  if (lines[from]?.startsWith('Original Traceback') === true) return false;
  for (const line of lines.slice(from, from + FOREIGN_LINES)) {
    if (isBoundary(line)) return false;
    if (parseFrame(line) ?? parseExceptionLine(line)?.usual) return true;
  }
  return false;
}

function finish(
  lines: readonly string[],
  at: number,
  frames: readonly Frame[],
): { exception: PrintedException; end: number; said: number } {
  const { type = '', message = '' } = parseExceptionLine(lines[at] ?? '') ?? {};
  const more = readMessage(lines, at + 1);
  return {
    // Before 3.10 Python names the script's own module too.
    exception: {
      type: type.replace(/^__main__\./u, ''),
      message: [message, ...more].join('\n').trim(),
      frames,
    },
    end: at + 1 + more.length,
    said: at + 1,
  };
}

/**
 * The further lines of a message, up to an empty one or one that is none of an exception. What comes after cannot be told
 * from other output, and even these may be the program going on: they are good to show, and prove nothing.
 */
function readMessage(lines: readonly string[], from: number): readonly string[] {
  const next = lines.slice(from, from + MESSAGE_LINES);
  // `"""` ends the traceback of another process that multiprocessing wraps into its own exception.
  const ends = (line: string): boolean =>
    line.trim() === '' || line === '"""' || isBoundary(line) || isProgress(line) || isAfterword(line);
  const end = next.findIndex(ends);
  return end < 0 ? next : next.slice(0, end);
}
