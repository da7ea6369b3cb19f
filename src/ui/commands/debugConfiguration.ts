import type { TaskLaunch } from '../../core/facade';

/** What the Python debugger is told to start. A `vscode.DebugConfiguration`. */
export interface PythonDebugConfiguration {
  readonly type: 'debugpy';
  readonly request: 'launch';
  readonly name: string;
  readonly program?: string;
  readonly module?: string;
  /** The interpreter; absent: the one that is selected in the editor. */
  readonly python?: string;
  readonly pythonArgs?: readonly string[];
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly console: 'integratedTerminal';
  readonly justMyCode: false;
}

const INTERPRETER = /^(?:.*[\\/])?python[\d.]*(?:\.exe)?$/iu;
/** Options of Python that take a value. */
const WITH_VALUE = new Set(['-W', '-X']);

/**
 * The launch of a Python task as the debugger takes it: the script or module, its arguments, environment and directory
 * are those of the task. What starts Python for it, e.g. `conda run`, is left out.
 *
 * @returns undefined when the task does not run Python
 */
export function debugConfiguration(
  { argv, env, cwd }: TaskLaunch,
  name: string,
): PythonDebugConfiguration | undefined {
  const at = argv.findIndex((word) => INTERPRETER.test(word));
  const own = at < 0 && argv[0]?.endsWith('.py') === true ? argv : argv.slice(at + 1);
  if (at < 0 && own !== argv) return undefined;
  const options = countOptions(own);
  const [first, second] = own.slice(options);
  if (first === undefined || first === '-c' || (first === '-m' && second === undefined)) return undefined;
  const python = argv[at];
  const isPath = python !== undefined && /[\\/]/u.test(python);
  return {
    type: 'debugpy',
    request: 'launch',
    name,
    ...(first === '-m' ? { module: second } : { program: absolute(first, cwd) }),
    ...(isPath && { python: absolute(python, cwd) }),
    ...(options > 0 && { pythonArgs: own.slice(0, options) }),
    args: own.slice(options + (first === '-m' ? 2 : 1)),
    cwd,
    env,
    console: 'integratedTerminal',
    justMyCode: false,
  };
}

/** Words before the script that are Python's own. */
function countOptions(words: readonly string[]): number {
  let count = 0;
  while (count < words.length) {
    const word = words[count] ?? '';
    if (!word.startsWith('-') || word === '-m' || word === '-c' || word === '-') break;
    count += WITH_VALUE.has(word) ? 2 : 1;
  }
  return count;
}

function absolute(path: string, dir: string): string {
  return /^(?:[\\/]|[A-Za-z]:)/u.test(path) ? path : `${dir}/${path}`;
}
