import { HsmError, type FileProblem } from '../base/errors';
import type { SweepSource } from '../engine/sweepSource';
import type { CodeProvenance, NewSweep, StoredTask } from '../engine/sweepStore';
import type { StartOptions } from '../facade';
import { expand, type Expansion } from '../sweep/expand';
import { parameterHash } from '../sweep/parameterHash';
import { parseSweep } from '../sweep/parseSweep';
import { hasErrors } from '../sweep/problem';
import type { Sweep } from '../sweep/sweep';
import { checkCommand } from '../sweep/checkCommand';
import { buildCommand } from '../sweep/taskCommand';
import { taskName } from '../sweep/taskName';
import type { ProjectConfig, ProjectSettings } from './config';
import type { ProjectPorts } from './projectPorts';
import type { UsableSource } from './sourceChecks';
import type { SourceConfig } from './sourceConfig';

/** A sweep file that was read together with the project's settings. */
export interface ReadSweep {
  readonly file: string;
  readonly text: string;
  readonly problems: readonly FileProblem[];
  /** Absent when the file has errors. */
  readonly sweep?: Sweep;
  readonly expansion?: Expansion;
}

/** Reads and expands a sweep file for a project. Starts and writes nothing. */
export function readSweep(file: string, text: string, project: ProjectSettings): ReadSweep {
  const { value, problems } = parseSweep(text);
  const located = problems.map((problem) => ({ ...problem, file }));
  if (!value || hasErrors(problems)) return { file, text, problems: located };
  const expansion = expand(value);
  const more = [...expansion.notices, ...checkCommand(value, project)];
  const all = [...located, ...more.map((problem) => ({ ...problem, file }))];
  return hasErrors(more)
    ? { file, text, problems: all }
    : { file, text, problems: all, sweep: value, expansion };
}

/** The readable parts of a sweep without errors. @throws HsmError `input.invalid` with the problems */
export function requireSound(read: ReadSweep): { sweep: Sweep; expansion: Expansion } {
  const { sweep, expansion } = read;
  if (sweep && expansion) return { sweep, expansion };
  const errors = read.problems.filter((problem) => problem.severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const what = first ? `line ${first.range.line}: ${first.message}${more}` : 'it cannot be read';
  throw new HsmError('input.invalid', `${read.file} has errors, nothing was started: ${what}`, {
    problems: read.problems,
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
  });
}

/** How many tasks to start. @throws HsmError `input.invalid` when they are more than allowed */
export function countTasks(count: number, options: StartOptions, limit: number): number {
  const total = Math.min(count, options.maxTasks ?? Infinity);
  if (total > limit && options.allowLarge !== true) {
    throw new HsmError(
      'input.invalid',
      `The sweep has ${total.toLocaleString('en-US')} tasks, more than the limit of ${limit.toLocaleString('en-US')}. Nothing was started.`,
      {
        hint: 'Start fewer (hsm run --max-tasks N), allow it this once (--yes), or raise max_tasks in .hsm/config.yaml.',
      },
    );
  }
  return total;
}

/**
 * The sources to use: asked for, else the sweep file's, else `local` or the only sensible default.
 *
 * @throws HsmError `input.invalid` for a name that is not configured
 */
export function chooseSources(
  sweep: Sweep,
  config: ProjectConfig,
  options: StartOptions,
): Map<string, SourceConfig> {
  const all = Object.keys(config.sources);
  const fallback = all.includes('local') ? 'local' : all[0];
  const names = options.sources ?? sweep.run.sources ?? (fallback === undefined ? [] : [fallback]);
  const chosen = new Map<string, SourceConfig>();
  for (const name of names) {
    const source = config.sources[name];
    if (!source) {
      const reason = config.incomplete.find((entry) => entry.source === name)?.reason;
      const message = reason
        ? `The compute source "${name}" cannot be used: ${reason}`
        : `There is no compute source "${name}".`;
      throw new HsmError('input.invalid', message, {
        hint: `Configured in .hsm/config.yaml: ${all.join(', ')}.`,
      });
    }
    chosen.set(name, options.slots === undefined ? source : { ...source, slots: options.slots });
  }
  return chosen;
}

/** Everything that a launch has found out. */
export interface Launch {
  readonly file: string;
  readonly text: string;
  readonly sweep: Sweep;
  readonly expansion: Expansion;
  readonly project: ProjectSettings;
  readonly total: number;
  readonly sources: readonly UsableSource[];
  readonly code: CodeProvenance;
  readonly patch: string | undefined;
  /** Files that do not travel to other machines, as patterns of a `.gitignore`. */
  readonly codeExclude: readonly string[];
}

/** What is written at a launch, before anything starts. */
export function newSweep(launch: Launch, ports: ProjectPorts): NewSweep {
  const { file, text, sweep, expansion, project, total, sources, code, patch, codeExclude } = launch;
  const { join, relative } = ports.path;
  const description = sweep.metadata['description'];
  return {
    sweepText: text,
    ...(patch === undefined ? {} : { patch }),
    manifest: {
      format: 1,
      file: relative(ports.projectDir, file),
      createdAt: new Date(ports.clock.now()).toISOString(),
      version: ports.version,
      total,
      parameterNames: expansion.parameterNames,
      metadata: sweep.metadata,
      sources: sources.map(manifestSource),
      project: { ...project },
      code,
      ...(codeExclude.length > 0 ? { codeExclude } : {}),
      ...(typeof description === 'string' ? { description } : {}),
    },
    tasks: (dir) => storedTasks(launch, join(dir, 'tasks'), join),
  };
}

/** A source as the manifest remembers it, with the slots that the adapter chose. */
export function manifestSource({ source, config }: UsableSource): SweepSource {
  return { name: source.name, type: source.type, config: { ...(config as object), slots: source.maxSlots } };
}

function* storedTasks(
  { sweep, expansion, project, total }: Launch,
  tasksDir: string,
  join: (...parts: string[]) => string,
): Generator<StoredTask> {
  for (let position = 0; position < total; position++) {
    const parameters = expansion.at(position);
    const number = position + 1;
    const name = taskName(number, total);
    const { argv } = buildCommand({
      sweep,
      project,
      parameters,
      number,
      name,
      taskDir: join(tasksDir, name),
    });
    yield { number, name, parameters, argv, hash: parameterHash(parameters) };
  }
}
