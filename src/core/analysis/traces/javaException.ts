import type { Frame } from '../failure';
import { takeWhile, type TracedError, type TraceReader } from './programTrace';

const HEAD = /^Exception in thread "[^"]*" (?<type>[\w.$]+)(?:: (?<message>.*))?$/u;
const CAUSE = /^Caused by: (?<type>[\w.$]+)(?:: (?<message>.*))?$/u;
// `\tat com.lab.Train.step(Train.java:12)`, `\t... 3 more`
const FRAME = /^\s+at (?:[\w.@]+\/)*(?<name>[\w.$<>]+)\((?<file>[\w$]+\.\w+):(?<line>\d+)\)/u;
const BODY = /^\s+(?:at |\.\.\. \d+ )/u;

/** An exception that nobody caught in a Java program. Its causes are printed after it. */
export const readJavaException: TraceReader = (lines) => {
  const at = lines.findLastIndex((line) => HEAD.test(line));
  const head = at < 0 ? undefined : HEAD.exec(lines[at] ?? '')?.groups;
  if (!head) return undefined;
  const body = takeWhile(lines, at + 1, (line) => BODY.test(line));
  const causes: TracedError[] = [];
  let { end } = body;
  for (let cause = CAUSE.exec(lines[end] ?? ''); cause; cause = CAUSE.exec(lines[end] ?? '')) {
    const own = takeWhile(lines, end + 1, (line) => BODY.test(line));
    const { type = '', message = '' } = cause.groups ?? {};
    causes.push({ relation: 'cause', exceptionType: type, message, frames: toFrames(own.taken) });
    end = own.end;
  }
  return {
    exceptionType: head['type'] ?? '',
    message: head['message'] ?? '',
    frames: toFrames(body.taken),
    earlier: causes.reverse(),
    end,
    exitCodes: [1],
  };
};

/** A frame names its class; where the file lies below its source root follows from the package. */
function toFrames(lines: readonly string[]): Frame[] {
  return lines
    .flatMap((text): Frame[] => {
      const { name = '', file = '', line } = FRAME.exec(text)?.groups ?? {};
      if (line === undefined || /^(?:java|jdk|sun|scala)\./u.test(name)) return [];
      const folder = name.split('.').slice(0, -2).join('/');
      return [{ file: folder === '' ? file : `${folder}/${file}`, line: Number(line), function: name }];
    })
    .reverse();
}
