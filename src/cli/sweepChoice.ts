import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { HsmError } from '../core/base/errors';
import { parseTaskList } from '../core/engine/taskRanges';
import type { SweepSummary } from '../core/facade';
import { editDistance } from '../core/sweep/yaml/suggest';
import type { CommandContext } from './commandContext';

/**
 * The sweep that is meant by an id, the beginning of one, a directory, or `last`.
 *
 * @throws HsmError `input.invalid` when it is none, or could be several
 */
export function chooseSweep(
  { project, cwd }: Pick<CommandContext, 'project' | 'cwd'>,
  text: string,
): SweepSummary {
  const sweeps = project.sweeps();
  const [last] = sweeps;
  if (!last) {
    const hint = 'Start one with `hsm run FILE`, or name the project with `--project DIR`.';
    throw new HsmError('input.invalid', `There is no sweep in ${project.projectDir} yet.`, { hint });
  }
  if (text === 'last') return last;
  const exact = sweeps.find((sweep) => sweep.id === text) ?? ofDirectory(sweeps, resolve(cwd, text));
  if (exact) return exact;
  const matches = sweeps.filter((sweep) => text !== '' && sweep.id.startsWith(text));
  const [match] = matches;
  if (match && matches.length === 1) return match;
  throw match ? ambiguous(text, matches) : unknown(text, sweeps);
}

function ofDirectory(sweeps: readonly SweepSummary[], path: string): SweepSummary | undefined {
  const real = realPath(path);
  return real === undefined ? undefined : sweeps.find((sweep) => realPath(sweep.dir) === real);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // There is nothing: then it is no directory of a sweep.
    return undefined;
  }
}

function ambiguous(text: string, matches: readonly SweepSummary[]): HsmError {
  const hint = `It could be ${listIds(matches)}.`;
  return new HsmError('input.invalid', `"${text}" is the beginning of ${matches.length} sweeps.`, { hint });
}

function unknown(text: string, sweeps: readonly SweepSummary[]): HsmError {
  const nearest = [...sweeps].sort((a, b) => editDistance(a.id, text) - editDistance(b.id, text));
  const hint = `The nearest: ${listIds(nearest)}. \`hsm status\` lists all.`;
  return new HsmError('input.invalid', `There is no sweep "${text}".`, { hint });
}

function listIds(sweeps: readonly SweepSummary[]): string {
  const more = sweeps.length > 3 ? ', …' : '';
  return (
    sweeps
      .slice(0, 3)
      .map(({ id }) => id)
      .join(', ') + more
  );
}

/**
 * Reads `3,7-9` for a sweep.
 *
 * @throws HsmError `input.invalid` when it is no such list, or names a task that the sweep does not have
 */
export function chooseTasks(sweep: SweepSummary, text: string): readonly number[] {
  const tooBig = text.match(/\d+/gu)?.find((digits) => Number(digits) > sweep.total);
  if (tooBig !== undefined) {
    throw new HsmError('input.invalid', `Sweep ${sweep.id} has no task ${tooBig}.`, {
      hint: `Its tasks are 1 to ${sweep.total}.`,
    });
  }
  const tasks = parseTaskList(text);
  if (tasks) return [...new Set(tasks)].sort((a, b) => a - b);
  throw new HsmError('input.invalid', `"${text}" is no list of tasks.`, {
    hint: 'Write numbers and ranges with commas between them: 3,7-9.',
  });
}

/** Reads the number of one task of a sweep, or its directory's name. @throws HsmError `input.invalid` */
export function chooseTask(sweep: SweepSummary, text: string): number {
  const digits = /^(?:task_)?(\d+)$/u.exec(text)?.[1];
  const number = Number(digits ?? NaN);
  if (number >= 1 && number <= sweep.total) return number;
  const message =
    digits === undefined ? `"${text}" is no task number.` : `Sweep ${sweep.id} has no task ${number}.`;
  throw new HsmError('input.invalid', message, { hint: `Its tasks are 1 to ${sweep.total}.` });
}
