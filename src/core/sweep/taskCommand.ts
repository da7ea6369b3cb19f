import type { ProjectSettings } from '../project/config';
import type { Problem } from './problem';
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
  /** The whole command, program first. */
  readonly argv: readonly string[];
  /** Variables of this task: `HSM_PARAM_…` in the style `env`, else none. */
  readonly env: Readonly<Record<string, string>>;
  /** Content of `params.yaml`: dotted name → value, read alike by YAML 1.1 and 1.2. */
  readonly paramsYaml: string;
}

/** Builds the command of one task. Call {@link checkCommand} first: with errors there the outcome is of no use. */
export function buildCommand(input: CommandInput): TaskCommand {
  throw new Error(`not written yet: ${input.name}`);
}

/**
 * What is wrong with the commands that a sweep would run in a project: no script, a template that names an unknown
 * parameter, names that Hydra or the environment cannot take.
 */
export function checkCommand(sweep: Sweep, project: ProjectSettings): readonly Problem[] {
  throw new Error(`not written yet: ${project.python} ${String(sweep.axes.length)}`);
}
