import type { FileProblem } from '../../core/base/errors';
import { displayWidth, printable } from './displayWidth';
import type { Palette } from './palette';
import { formatPath } from './paths';

export interface ProblemStyle {
  readonly cwd: string;
  readonly palette: Palette;
  /** The text of the problem's file, to show its line; absent: no line is shown. */
  readonly textOf?: (file: string) => string | undefined;
}

/** `sweeps/lr.yaml:4:7: error: …` as compilers write it, so that editors find the place; then the line and the hint. */
export function formatProblem(problem: FileProblem, style: ProblemStyle): string[] {
  const { palette } = style;
  const { line, column } = problem.range;
  const color = problem.severity === 'error' ? palette.red : palette.yellow;
  const place = palette.bold(`${formatPath(problem.file, style.cwd)}:${line}:${column}:`);
  return [
    `${place} ${color(`${problem.severity}:`)} ${problem.message}`,
    ...excerpt(problem, style),
    ...(problem.hint === undefined ? [] : [`  ${palette.dim('hint:')} ${problem.hint}`]),
  ];
}

const MAX_LINE = 200;

/** The line with a caret under what is meant. */
function excerpt({ file, range }: FileProblem, { textOf, palette }: ProblemStyle): string[] {
  const text = textOf?.(file)?.split(/\r?\n/u, range.line)[range.line - 1];
  if (text === undefined || text.length > MAX_LINE) return [];
  const start = range.column - 1;
  const end = range.endLine === range.line ? range.endColumn - 1 : text.length;
  const number = `${range.line}`;
  const marked = Math.max(1, displayWidth(text.slice(start, end)));
  // Tabs stay tabs, so that the caret stands where the terminal puts them.
  const indent = text.slice(0, start).replace(/[^\t]+/gu, (run) => ' '.repeat(displayWidth(run)));
  return [
    `  ${palette.dim(`${number} |`)} ${printable(text)}`,
    `  ${palette.dim(`${' '.repeat(number.length)} |`)} ${indent}${palette.red('^'.repeat(marked))}`,
  ];
}

/** `3 errors and 1 warning in 2 files`. */
export function countProblems(problems: readonly FileProblem[]): string {
  const count = (severity: string): number => problems.filter((each) => each.severity === severity).length;
  const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  const parts = [
    plural(count('error'), 'error'),
    ...(count('warning') > 0 ? [plural(count('warning'), 'warning')] : []),
    ...(count('information') > 0 ? [plural(count('information'), 'note')] : []),
  ];
  return `${parts.join(', ')} in ${plural(new Set(problems.map(({ file }) => file)).size, 'file')}`;
}
