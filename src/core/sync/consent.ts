import type { Reason } from './comparison';
import { tellable } from './projectSyncError';

/** What the user agreed to: reasons that they were told, or whatever it takes (`--yes`). */
export type Agreed = readonly Reason[] | 'everything';

/**
 * Reasons that the user was not told. Of running tasks, being told of as many is enough; everything else holds for what
 * was named in the same words, so that a word given for one file is none for another.
 */
export function notAgreed(reasons: readonly Reason[], agreed: Agreed): readonly Reason[] {
  if (agreed === 'everything') return [];
  const told = new Set(agreed.map((reason) => tellable(reason).text));
  const tasks = Math.max(0, ...agreed.map(({ runningTasks = 0 }) => runningTasks));
  return reasons.filter((reason) => {
    const { runningTasks } = reason;
    return runningTasks === undefined ? !told.has(tellable(reason).text) : runningTasks > tasks;
  });
}

/** Tasks read their code while they run: a change under them is the user's decision. @returns empty when none run */
export function runningReasons(source: string, runningTasks: number): readonly Reason[] {
  if (runningTasks === 0) return [];
  const tasks = runningTasks === 1 ? '1 task runs' : `${runningTasks} tasks run`;
  return [
    {
      text: `${tasks} from the checkout of ${source} now and would meet the new code midway.`,
      action: 'Wait until they are over, or confirm.',
      blocks: false,
      about: 'everything',
      runningTasks,
    },
  ];
}
