import type { SweepFacade, TaskSummary } from '../../core/facade';
import { FAILURE_STATES } from '../trees/taskGroup';
import type { FailureMarks } from './failureMarks';

export interface FailureRef {
  readonly sweepId: string;
  readonly task: number;
}

/**
 * The failure to look at after `last`: the next one that nobody has seen, in the newest sweep first; when all were
 * seen, the next one in the order of the view, and after the last the first.
 */
export function nextFailure(
  facade: Pick<SweepFacade, 'sweeps' | 'tasks'>,
  marks: Pick<FailureMarks, 'unseenOf'>,
  last: FailureRef | undefined,
): FailureRef | undefined {
  const unseen = facade.sweeps().flatMap((sweep) => toRefs(sweep.id, marks.unseenOf(sweep)));
  if (unseen.length > 0) return after(unseen, last);
  const all = facade.sweeps().flatMap(({ id }) => toRefs(id, facade.tasks(id, { states: FAILURE_STATES })));
  return after(all, last);
}

function toRefs(sweepId: string, tasks: readonly TaskSummary[]): FailureRef[] {
  return tasks.map(({ number }) => ({ sweepId, task: number }));
}

/** The first one of the same sweep with a higher number, else the first of another sweep's, else the first. */
function after(refs: readonly FailureRef[], last: FailureRef | undefined): FailureRef | undefined {
  if (!last) return refs[0];
  const index = refs.findIndex(({ sweepId, task }) => sweepId === last.sweepId && task > last.task);
  if (index >= 0) return refs[index];
  const end = refs.findLastIndex(({ sweepId }) => sweepId === last.sweepId);
  return refs[end + 1] ?? refs[0];
}
