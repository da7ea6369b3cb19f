import type { ProjectSettings } from '../project/config';
import { formatArguments } from './argumentStyle';
import { fillTemplate } from './commandTemplate';
import { hydraLiteral } from './hydra';
import { parameterVariables } from './parameterVariables';
import { paramsYaml } from './paramsYaml';
import type { ArgumentStyle } from './runOptions';
import type { Sweep } from './sweep';
import type { Parameters } from './value';

/** Everything that the command of one task is made of. */
export interface CommandInput {
  readonly sweep: Sweep;
  readonly project: ProjectSettings;
  readonly parameters: Parameters;
  /** From 1. */
  readonly number: number;
  /** e.g. `task_0012`. */
  readonly name: string;
  /** The task's directory where it runs, absolute. */
  readonly taskDir: string;
}

/** What runs for a task, as data. */
export interface TaskCommand {
  /** The parameters' tokens alone. */
  readonly arguments: readonly string[];
  /** The whole command, program first. Empty when neither script nor command is known. */
  readonly argv: readonly string[];
  /** Variables of this task: `HSM_PARAM_…` in the style `env`, else none. */
  readonly env: Readonly<Record<string, string>>;
  /** Content of `params.yaml`: dotted name → value, read alike by YAML 1.1 and 1.2. */
  readonly paramsYaml: string;
}

/**
 * Builds the command of one task: the template, if there is one, else the script with the parameters' tokens. In the
 * style `hydra` the tokens are followed by `output.dir` and `hydra.run.dir`, unless the project switched them off.
 *
 * Call `checkCommand` first: where it finds errors, the outcome is of no use.
 */
export function buildCommand(input: CommandInput): TaskCommand {
  const { sweep, project, parameters } = input;
  const style = styleOf(sweep, project);
  const tokens = formatArguments(style, parameters);
  const all = [...tokens, ...directoryTokens(style, input)];
  return {
    arguments: tokens,
    argv: commandLine(input, all),
    env: style === 'env' ? parameterVariables(parameters) : {},
    paramsYaml: paramsYaml(parameters),
  };
}

/** How parameters reach the program of a sweep: the sweep's word, else the project's, else Hydra's way. */
export function styleOf(sweep: Sweep, project: ProjectSettings): ArgumentStyle {
  if (sweep.run.arguments) return sweep.run.arguments;
  return typeof project.arguments === 'string' ? project.arguments : 'hydra';
}

/** The command template of a sweep, if it has one: its own, else the project's unless the sweep names a style. */
export function templateOf(sweep: Sweep, project: ProjectSettings): readonly string[] | undefined {
  if (sweep.run.command) return sweep.run.command;
  if (sweep.run.arguments || typeof project.arguments === 'string') return undefined;
  return project.arguments;
}

/** The script that runs when there is no template. */
export function scriptOf(sweep: Sweep, project: ProjectSettings): string | undefined {
  return sweep.script ?? project.script;
}

function commandLine(
  { sweep, project, parameters, number, taskDir }: CommandInput,
  tokens: string[],
): string[] {
  const template = templateOf(sweep, project);
  if (template) {
    const parameter = parameters.get.bind(parameters);
    return fillTemplate(template, { parameter, arguments: tokens, taskDir, task: number });
  }
  const script = scriptOf(sweep, project);
  if (script === undefined) return [];
  return script.endsWith('.py') ? [project.python, script, ...tokens] : [programPath(script), ...tokens];
}

/** A bare name would be looked for in PATH, not in the project. */
function programPath(script: string): string {
  return /[\\/]/.test(script) ? script : `./${script}`;
}

/** Hydra's own files go to a folder of their own, where they do not mix with what the task writes. */
function directoryTokens(style: ArgumentStyle, { project, taskDir }: CommandInput): string[] {
  if (style !== 'hydra' || project.outputDirArguments === false) return [];
  const output = project.outputDirArguments === 'add' ? '++output.dir' : 'output.dir';
  return [hydraLiteral(output, taskDir), hydraLiteral('hydra.run.dir', `${taskDir}/.hydra_run`)];
}
