import type { Frame } from '../failure';
import { takeWhile, type TraceReader } from './programTrace';

const HEAD = /^Fatal Python error: (?<message>.*)$/u;
const THREAD = /^(?:Current thread|Thread) 0x[0-9a-f]+ .*\(most recent call first\):$/u;
const FRAME = /^ {2}File "(?<file>.*)", line (?<line>\d+) in (?<function>.*)$/u;

/** What Python's faulthandler writes when a signal ends Python. The current thread is the one that did it. */
export const readFaultHandler: TraceReader = (lines) => {
  const at = lines.findLastIndex((line) => HEAD.test(line));
  if (at < 0) return undefined;
  const message = HEAD.exec(lines[at] ?? '')?.groups?.['message'] ?? '';
  const current = lines.findIndex((line, index) => index > at && line.startsWith('Current thread 0x'));
  const frames = takeWhile(lines, current + 1, (line) => FRAME.test(line)).taken;
  const dump = takeWhile(lines, at + 1, (line) => line === '' || THREAD.test(line) || isDump(line));
  return {
    exceptionType: 'Fatal Python error',
    message,
    frames: current < 0 ? [] : frames.flatMap(parseFrame).reverse(),
    earlier: [],
    end: dump.end,
    exitCodes: [132, 134, 135, 136, 139],
  };
};

function isDump(line: string): boolean {
  return (
    FRAME.test(line) ||
    /^(?: {2}\.\.\.|Python runtime state: |Extension modules: | {2}<no Python frame>)/u.test(line)
  );
}

function parseFrame(text: string): Frame[] {
  const { file = '', line, function: name = '' } = FRAME.exec(text)?.groups ?? {};
  return line === undefined ? [] : [{ file, line: Number(line), function: name }];
}
