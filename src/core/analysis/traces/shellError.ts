import type { TraceReader } from './programTrace';

// `run.sh: line 4: python4: command not found` (bash), `run.sh: 4: python4: not found` (dash)
const BASH = /^(?<file>[^:\s]+): line (?<line>\d+): (?<message>.*)$/u;
const DASH =
  /^(?<file>[^:\s]+): (?<line>\d+): (?<message>.*(?:not found|Permission denied|parameter not set|Syntax error.*|cannot open.*))$/u;
const SHELL = /^(?:-?(?:ba|da|k|z|a)?sh|\/bin\/(?:ba|da)?sh|environment)$/u;

/** The last line in which a shell names a script and a line of it. */
export const readShellError: TraceReader = (lines) => {
  const at = lines.findLastIndex((line) => BASH.test(line) || DASH.test(line));
  if (at < 0) return undefined;
  const groups = (BASH.exec(lines[at] ?? '') ?? DASH.exec(lines[at] ?? ''))?.groups;
  const { file = '', line, message = '' } = groups ?? {};
  // `line 3: 4711 Killed …` tells how another program ended; `sh: 1: …` names no script.
  if (/^ *\d+ [A-Z]/u.test(message) || SHELL.test(file)) return undefined;
  return {
    message,
    frames: [{ file, line: Number(line) }],
    earlier: [],
    end: at + 1,
    exitCodes: [1, 2, 126, 127],
    goesOn: true,
  };
};
