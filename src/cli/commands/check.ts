import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { errorText, type FileProblem } from '../../core/base/errors';
import { hasErrors } from '../../core/sweep/problem';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toProblemJson } from '../jsonShapes';
import { formatPath } from '../text/paths';
import { countProblems, formatProblem } from '../text/problemText';
import type { JsonFlag } from './status';

/** `hsm check [FILE…]`: what is wrong in the project's files, without starting anything. */
export async function checkFiles(
  context: CommandContext,
  named: readonly string[],
  { json }: JsonFlag,
): Promise<ExitCode> {
  const { project, out, err, cwd } = context;
  const files =
    named.length > 0 ? named.map((file) => resolve(cwd, file)) : await filesOf(project.projectDir);
  const texts = new Map<string, string>();
  const problems: FileProblem[] = [];
  for (const file of files) problems.push(...(await checkFile(context, file, texts)));
  if (json === true) out.print(JSON.stringify(problems.map(toProblemJson)));
  else {
    const textOf = (file: string): string | undefined => texts.get(file);
    const style = { cwd, palette: out.palette, ...(out.isTerminal && { textOf }) };
    for (const problem of problems) out.print(...formatProblem(problem, style));
    err.print(conclusion(problems, files, cwd));
  }
  return hasErrors(problems) ? EXIT.badInput : EXIT.ok;
}

function conclusion(problems: readonly FileProblem[], files: readonly string[], cwd: string): string {
  if (files.length === 0) return 'There is nothing to check: no .hsm/config.yaml and no sweeps/*.yaml here.';
  if (problems.length > 0) return `${countProblems(problems)}.`;
  return `No problems in ${files.map((file) => formatPath(file, cwd)).join(', ')}.`;
}

async function checkFile(
  { project }: CommandContext,
  file: string,
  texts: Map<string, string>,
): Promise<FileProblem[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return [unreadable(file, errorText(error))];
  }
  texts.set(file, text);
  return (await project.check(file, text)).map((problem) => ({ ...problem, file }));
}

function unreadable(file: string, reason: string): FileProblem {
  const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return {
    file,
    range,
    severity: 'error',
    code: 'unreadable-file',
    message: `The file cannot be read: ${reason}`,
  };
}

/** The configuration of the project and of the machine, and the sweep files in `sweeps`. */
async function filesOf(projectDir: string): Promise<string[]> {
  const configs = [join(projectDir, '.hsm', 'config.yaml'), join(homedir(), '.hsm', 'config.yaml')];
  const folder = join(projectDir, 'sweeps');
  const names = existsSync(folder) ? await readdir(folder) : [];
  const sweeps = names.filter((name) => /\.ya?ml$/u.test(name)).sort();
  return [
    ...new Set(configs.filter((file) => existsSync(file))),
    ...sweeps.map((name) => join(folder, name)),
  ];
}
