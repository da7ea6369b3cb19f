import type { Frame } from './failure';

/** How an exception relates to the one printed after it: `raise … from …`, or raised while it was handled. */
export type Connection = 'cause' | 'context';

const HEADER = /^(?:Exception Group |.*[:\])>]\s+|\s*)Traceback \(most recent call last\):\s*$/u;
const GROUP_HEADER = /^\s*\+ Exception Group Traceback \(most recent call last\):\s*$/u;
const ASIDE = /^(?:Exception ignored (?:in|while)|Exception in thread |--- Logging error ---)/u;
const FRAME = /^\s+File "(?<file>.*)", line (?<line>\d+)(?:, in (?<function>.*))?$/u;
// `ValueError: text`, `run.<locals>.Diverged`, `ray.exceptions.RayTaskError(ValueError): text`
const EXCEPTION =
  /^(?<type>(?:[\p{L}_][\p{L}\p{N}_]*|<locals>)(?:\.(?:[\p{L}_][\p{L}\p{N}_]*|<locals>))*(?:\([\p{L}\p{N}_]+\))?)(?:: ?(?<message>.*))?$/u;
const USUAL_NAME =
  /(?:Error|Exception|Warning|Interrupt|Exit|Failure|Fault|Timeout|Group|StopIteration)(?:\(\w+\))?$|\.[A-Z]\w*$|<locals>/u;
const CONNECTIONS = new Map<string, Connection>([
  ['The above exception was the direct cause of the following exception:', 'cause'],
  ['During handling of the above exception, another exception occurred:', 'context'],
]);

/** `Traceback (most recent call last):`, alone or at the end of a log record's first line. */
export function isHeader(line: string): boolean {
  return line.includes('Traceback (most recent call last):') && HEADER.test(line);
}

/** `  + Exception Group Traceback (most recent call last):` */
export function isGroupHeader(line: string): boolean {
  return GROUP_HEADER.test(line);
}

/** The line before a traceback that did not end the program, e.g. `Exception ignored in: <function …>`. */
export function isAside(line: string): boolean {
  return ASIDE.test(line);
}

/** The sentence between two tracebacks of one chain. */
export function connection(line: string): Connection | undefined {
  return CONNECTIONS.get(line.trim());
}

/** Whether a line cannot belong to the traceback above it. */
export function isBoundary(line: string): boolean {
  return isHeader(line) || isGroupHeader(line) || isAside(line) || connection(line) !== undefined;
}

/** A frame's line, e.g. `  File "train.py", line 88, in step`; a syntax error's names no function. */
export function parseFrame(line: string): Frame | undefined {
  const groups = FRAME.exec(line)?.groups;
  if (!groups) return undefined;
  const { file = '', line: number = '', function: name } = groups;
  return { file, line: Number(number), ...(name !== undefined && { function: name }) };
}

/** The line `Type: message` that ends a traceback. `usual`: the type's name cannot well be something else. */
export function parseExceptionLine(
  line: string,
): { type: string; message: string; usual: boolean } | undefined {
  const groups = EXCEPTION.exec(line)?.groups;
  if (!groups) return undefined;
  const { type = '', message = '' } = groups;
  return { type, message, usual: USUAL_NAME.test(type) };
}
