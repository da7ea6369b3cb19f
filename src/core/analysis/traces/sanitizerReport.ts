import type { Frame } from '../failure';
import { takeWhile, type TraceReader } from './programTrace';

// ==11241==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60200000001c at pc …
const HEAD = /^==\d+==\s*ERROR: (?<tool>\w+Sanitizer): (?<what>.*)$/u;
// `    #0 0x55c467c90579 in main /tmp/t.c:15`, perhaps with a column
const FRAME =
  /^ +#\d+ 0x[0-9a-f]+ in (?<function>.+?) (?<file>\/[^:]+|[\w./-]+\.\w+):(?<line>\d+)(?::\d+)?$/u;
const ANY_FRAME = /^ +#\d+ /u;

/** A report of AddressSanitizer and its sisters. */
export const readSanitizerReport: TraceReader = (lines) => {
  const at = lines.findLastIndex((line) => HEAD.test(line));
  const head = at < 0 ? undefined : HEAD.exec(lines[at] ?? '')?.groups;
  if (!head) return undefined;
  const first = lines.findIndex((line, index) => index > at && ANY_FRAME.test(line));
  const stack = first < 0 ? [] : takeWhile(lines, first, (line) => ANY_FRAME.test(line)).taken;
  return {
    exceptionType: head['tool'] ?? '',
    message: (head['what'] ?? '').replace(/ on (?:unknown )?address.*$/u, ''),
    frames: stack.flatMap(parseFrame).reverse(),
    earlier: [],
    // The rest of the output is its map of the memory.
    end: lines.length,
    exitCodes: [1, 134],
  };
};

function parseFrame(text: string): Frame[] {
  const { function: name = '', file, line } = FRAME.exec(text)?.groups ?? {};
  return file === undefined ? [] : [{ file, line: Number(line), function: name }];
}
