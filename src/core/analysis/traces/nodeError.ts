import type { Frame } from '../failure';
import { takeWhile, type TraceReader } from './programTrace';

const HEAD =
  /^(?:Uncaught )?(?<type>[\w.]*(?:Error|Exception)|ERR_\w+)(?: \[(?<code>\w+)\])?(?:: (?<message>.*))?$/u;
// `    at step (/project/train.js:1:34)`, `    at file:///project/train.mjs:3:1`, `    at async main (…)`
const FRAME =
  /^ {4}at (?:async )?(?:(?<function>[^(]+?) \()?(?:file:\/\/)?(?<file>[^()\s]+?):(?<line>\d+):\d+\)?$/u;
const ANY_FRAME = /^ {4}at \S/u;
const MESSAGE_LINES = 20;

/** An error that nobody caught in Node.js. */
export const readNodeError: TraceReader = (lines) => {
  const last = lines.findLastIndex((line) => ANY_FRAME.test(line));
  if (last < 0) return undefined;
  const first = lines.findLastIndex((line, index) => index < last && !ANY_FRAME.test(line)) + 1;
  const at = lines.findLastIndex(
    (line, index) => index < first && index >= first - MESSAGE_LINES && HEAD.test(line),
  );
  const head = at < 0 ? undefined : HEAD.exec(lines[at] ?? '')?.groups;
  if (!head) return undefined;
  const { taken, end } = takeWhile(lines, first, (line) => ANY_FRAME.test(line));
  return {
    exceptionType: head['type'] ?? 'Error',
    message: [head['message'] ?? '', ...lines.slice(at + 1, first)].join('\n').trim(),
    frames: taken.flatMap(parseFrame).reverse(),
    earlier: [],
    end: takeWhile(lines, end, (line) => isTrailer(line)).end,
    exitCodes: [1],
  };
};

function parseFrame(text: string): Frame[] {
  const { function: name, file = '', line } = FRAME.exec(text)?.groups ?? {};
  if (line === undefined || file.startsWith('node:')) return [];
  return [{ file, line: Number(line), ...(name !== undefined && { function: name }) }];
}

/** Properties of the error, and Node's version, which it prints at the very end. */
function isTrailer(line: string): boolean {
  return line.trim() === '' || /^(?: {2}\S|\}|\{|Node\.js v)/u.test(line);
}
