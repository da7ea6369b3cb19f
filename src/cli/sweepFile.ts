import { resolve } from 'node:path';
import { HsmError } from '../core/base/errors';
import { hasErrors } from '../core/sweep/problem';
import type { ExpandedFile } from './cliProject';
import type { CommandContext } from './commandContext';
import { readText } from './errorReport';
import { formatPath } from './text/paths';
import { countProblems, formatProblem } from './text/problemText';

/**
 * Reads a sweep file and tells its warnings.
 *
 * @throws HsmError `input.invalid` with the problems when it has errors
 */
export async function readSweepFile(
  { project, cwd, err }: CommandContext,
  file: string,
): Promise<ExpandedFile & { readonly count: number }> {
  const path = resolve(cwd, file);
  const expanded = await project.expandFile(path);
  const { problems, count } = expanded;
  if (hasErrors(problems) || count === undefined) {
    const message = `${formatPath(path, cwd)} cannot be used: ${countProblems(problems)}.`;
    throw new HsmError('input.invalid', message, { problems });
  }
  for (const problem of problems) {
    const style = { cwd, palette: err.palette, ...(err.isTerminal && { textOf: readText }) };
    err.print(...formatProblem(problem, style));
  }
  return { problems, count, tasks: () => expanded.tasks() };
}
