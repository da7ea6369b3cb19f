import { takeWhile, type TraceReader } from './programTrace';

// `Error in step(0) : loss is not a number`, `Error: there is no such column`
const HEAD = /^Error(?: in (?<call>.+?) ?)?: ?(?<message>.*)$/u;

/** An error that ended an R script. R tells no lines. */
export const readRError: TraceReader = (lines) => {
  const halted = lines.findLastIndex((line) => line === 'Execution halted');
  const at = lines.findLastIndex((line, index) => index < halted && HEAD.test(line));
  const head = at < 0 ? undefined : HEAD.exec(lines[at] ?? '')?.groups;
  if (!head) return undefined;
  const more = takeWhile(lines, at + 1, (line) => /^\s/u.test(line));
  const call = head['call'] === undefined ? '' : ` in ${head['call']}`;
  return {
    exceptionType: `Error${call}`,
    message: [head['message'] ?? '', ...more.taken.map((line) => line.trim())].join(' ').trim(),
    frames: [],
    earlier: [],
    end: halted + 1,
    exitCodes: [1],
  };
};
