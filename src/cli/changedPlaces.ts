import { readFile } from 'node:fs/promises';
import type { FailureGroup, TaskFailure } from '../core/analysis/failure';
import { findLineNow } from '../core/analysis/movedLine';
import type { CliProject } from './cliProject';

/** A line that a failure names in a file that has changed since it ran. */
export interface ChangedPlace {
  /** Absolute. */
  readonly file: string;
  /** When it ran. */
  readonly line: number;
  /** Where the same line is now; absent where it is not there any more. */
  readonly lineNow?: number;
}

/** A trace through more files than this is looked at from its end. */
const MOST_FILES = 10;
/** Smaller groups come without a word of it. */
const MOST_GROUPS = 50;

/**
 * Where the files of a failure's trace are no longer as they ran: of each file the deepest line, the one to look at first
 * before the others. What nobody can tell counts as unchanged.
 */
export async function changedPlaces(
  project: Pick<CliProject, 'codeAtLaunch'>,
  sweepId: string,
  { task, culprit, frames }: TaskFailure,
): Promise<readonly ChangedPlace[]> {
  const lines = new Map<string, number>();
  for (const frame of [culprit, ...[...frames].reverse()]) {
    if (frame?.localFile !== undefined && !lines.has(frame.localFile)) lines.set(frame.localFile, frame.line);
  }
  const looks = [...lines]
    .slice(0, MOST_FILES)
    .map(([file, line]) => look(project, sweepId, { task, file, line }));
  return (await Promise.all(looks)).flat();
}

/** Of groups whose place has changed since their first task ran: their signatures, and where the line is now. */
export async function changedGroups(
  project: Pick<CliProject, 'codeAtLaunch'>,
  sweepId: string,
  groups: readonly FailureGroup[],
): Promise<ReadonlyMap<string, ChangedPlace>> {
  const changed = new Map<string, ChangedPlace>();
  for (const { signature, file, line, tasks } of groups.slice(0, MOST_GROUPS)) {
    const [task] = tasks;
    if (file === undefined || line === undefined || task === undefined) continue;
    for (const place of await look(project, sweepId, { task, file, line })) changed.set(signature, place);
  }
  return changed;
}

async function look(
  project: Pick<CliProject, 'codeAtLaunch'>,
  sweepId: string,
  { task, file, line }: { readonly task: number; readonly file: string; readonly line: number },
): Promise<readonly ChangedPlace[]> {
  const sources = { facade: project, readText: (path: string) => readFile(path, 'utf8') };
  const now = await findLineNow(sources, { sweepId, task }, file, line);
  if (!now.isFileChanged) return [];
  return [{ file, line, ...(now.isLineGone !== true && { lineNow: now.line }) }];
}
