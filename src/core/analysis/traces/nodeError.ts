import type { Frame } from '../failure';
import { takeWhile, type ProgramTrace, type TracedError, type TraceReader } from './programTrace';

// `TypeError: loss is not a number`, `Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'x'`; without a stack in brackets:
// `[Error: ENOENT: no such file or directory, open '/x'] {`
const HEAD =
  /^(?:Uncaught )?\[?(?<type>[\w.]*(?:Error|Exception|Rejection)|ERR_\w+)(?: \[(?<code>\w+)\])?(?:: (?<message>.*?))?(?:\](?: \{)?| \{)?$/u;
const WITHOUT_STACK = /^\[.*\](?: \{)?$/u;
// `    at step (/project/train.js:1:34)`, `    at file:///project/train.mjs:3:1`, `    at async main (…)`
const FRAME =
  /^ +at (?:async )?(?:(?<function>[^(]+?) \()?(?:file:\/\/)?(?<file>[^()\s]+?):(?<line>\d+):\d+\)?(?: \{|,)?$/u;
const ANY_FRAME = /^ {4}(?:at \S|\.\.\. \d+ lines matching )/u;
const ANY_INNER_FRAME = /^ +(?:at \S|\.\.\. \d+ lines matching )/u;
// `  [cause]: Error: connect ECONNREFUSED 127.0.0.1:9`; the first one of `  [errors]: [` is in the next line
const CAUSE = /^ +\[cause\]: (?<what>.*)$/u;
const ERRORS = /^ +\[errors\]: \[$/u;
// What an unhandled rejection says before is the same for all.
const REASON = /^This error originated either by .*?(?=The promise rejected with the reason )/su;
// `/project/train.js:2`, below it the line of code and `    ^`
const PLACE = /^(?:file:\/\/)?(?<file>[^\s:]+):(?<line>\d+)$/u;
const CARET = /^\s*\^+\s*$/u;
const MESSAGE_LINES = 20;
const EXIT_CODES = [1];

/** An error that nobody caught in Node.js, with its causes; also what was thrown and is no error. */
export const readNodeError: TraceReader = (lines) => readError(lines) ?? readThrown(lines);

function readError(lines: readonly string[]): ProgramTrace | undefined {
  const found = findHead(lines);
  if (!found) return undefined;
  const { at, first, head } = found;
  const { taken, end } = takeWhile(lines, first, (line) => ANY_FRAME.test(line));
  const frames = toFrames(taken);
  const place = frames.length > 0 ? [] : placeAbove(lines, at);
  const trailer = takeWhile(lines, end, isTrailer);
  const causes = readCauses(trailer.taken);
  const [innermost] = causes;
  const own = [head.message, ...lines.slice(at + 1, first)].join('\n').trim().replace(REASON, '');
  return {
    exceptionType: head.type,
    message: innermost ? `${own}; cause: ${titleOf(innermost)}` : own,
    frames: [...frames, ...place],
    earlier: causes,
    end: trailer.end,
    exitCodes: EXIT_CODES,
  };
}

/** The last error's own line, and the first of its stack. */
function findHead(
  lines: readonly string[],
): { at: number; first: number; head: { type: string; message: string } } | undefined {
  const bare = lines.findLastIndex((line) => WITHOUT_STACK.test(line) && HEAD.test(line));
  const last = lines.findLastIndex((line) => ANY_FRAME.test(line));
  if (bare > last) return { at: bare, first: bare + 1, head: toHead(lines[bare]) };
  const first = lines.findLastIndex((line, index) => index < last && !ANY_FRAME.test(line)) + 1;
  const at = lines.findLastIndex(
    (line, index) => index < first && index >= first - MESSAGE_LINES && HEAD.test(line),
  );
  return last < 0 || at < 0 ? undefined : { at, first, head: toHead(lines[at]) };
}

function toHead(line = ''): { type: string; message: string } {
  const { type = 'Error', code, message = '' } = HEAD.exec(line)?.groups ?? {};
  return { type: message === '' && code !== undefined ? `${type} [${code}]` : type, message };
}

/** Each is printed among the properties of the one that it caused; the first cause is the innermost. */
function readCauses(trailer: readonly string[]): TracedError[] {
  return trailer
    .flatMap((line, index): TracedError[] => {
      const what = ERRORS.test(line) ? trailer[index + 1]?.trim() : CAUSE.exec(line)?.groups?.['what'];
      if (what === undefined) return [];
      const { taken } = takeWhile(trailer, index + (ERRORS.test(line) ? 2 : 1), (inner) =>
        ANY_INNER_FRAME.test(inner),
      );
      const { type, message } = HEAD.test(what) ? toHead(what) : { type: what, message: '' };
      return [{ relation: 'cause', exceptionType: type, message, frames: toFrames(taken) }];
    })
    .reverse();
}

function titleOf({ exceptionType, message }: TracedError): string {
  return message === '' ? exceptionType : `${exceptionType}: ${message}`;
}

/**
 * ```text
 * /project/train.js:1
 * throw { code: 3 }
 * ^
 * { code: 3 }
 *
 * Node.js v20.20.2
 * ```
 */
function readThrown(lines: readonly string[]): ProgramTrace | undefined {
  const version = lines.findLastIndex((line) => line.startsWith('Node.js v'));
  const caret = lines.findLastIndex((line, index) => index < version && CARET.test(line));
  const place = placeAbove(lines, caret + 1);
  if (version < 0 || place.length === 0 || version - caret > MESSAGE_LINES) return undefined;
  const said = lines.slice(caret + 1, version).filter((line) => !line.startsWith('(Use `node --trace'));
  const message = said
    .map((line) => line.trim())
    .join(' ')
    .trim();
  return {
    exceptionType: 'Uncaught',
    message,
    frames: place,
    earlier: [],
    end: version + 1,
    exitCodes: EXIT_CODES,
  };
}

/** Where a line of code and a mark below it stand above: of a file that could not be read it is the only place. */
function placeAbove(lines: readonly string[], before: number): Frame[] {
  const caret = lines.findLastIndex(
    (line, index) => index < before && index > before - 4 && CARET.test(line),
  );
  const { file, line } = PLACE.exec(lines[caret - 2] ?? '')?.groups ?? {};
  return file === undefined || file.startsWith('node:') ? [] : [{ file, line: Number(line) }];
}

function toFrames(lines: readonly string[]): Frame[] {
  return lines
    .flatMap((text): Frame[] => {
      const { function: name, file = '', line } = FRAME.exec(text)?.groups ?? {};
      if (line === undefined || file.startsWith('node:')) return [];
      return [{ file, line: Number(line), ...(name !== undefined && { function: name }) }];
    })
    .reverse();
}

/** Properties of the error, and Node's version, which it prints at the very end. */
function isTrailer(line: string): boolean {
  return line.trim() === '' || /^(?: {2,}\S|\}|\{|Node\.js v)/u.test(line);
}
