import { changedGroups, changedPlaces } from '../changedPlaces';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toGroupJson } from '../jsonShapes';
import { chooseSweep, chooseTask } from '../sweepChoice';
import { handleOf } from '../sweepHandle';
import { formatTasks } from '../text/counts';
import { formatFailure } from '../text/failureText';
import { rerunAdvice } from '../text/rerunAdvice';
import { alignSteps, formatGroups } from '../text/summaryText';
import { upToDate } from '../upToDate';
import type { JsonFlag } from './status';

/** `hsm errors SWEEP [TASK]`: the causes of a sweep's failures, or one failure with its trace. */
export async function showErrors(
  context: CommandContext,
  sweep: string,
  task: string | undefined,
  flags: JsonFlag,
): Promise<ExitCode> {
  return task === undefined ? showGroups(context, sweep, flags) : showFailure(context, sweep, task, flags);
}

async function showGroups(context: CommandContext, text: string, { json }: JsonFlag): Promise<ExitCode> {
  const { project, out, err, cwd } = context;
  const sweep = await upToDate(context, chooseSweep(context, text));
  const groups = await project.failureGroups(sweep.id);
  if (json === true) {
    out.print(JSON.stringify(groups.map(toGroupJson)));
    return EXIT.ok;
  }
  const [first] = groups;
  if (!first) {
    err.print(`No task of ${sweep.id} has failed.`);
    return EXIT.ok;
  }
  const handle = handleOf(sweep, project);
  const sources = project.sources();
  const tasks = project.tasks(sweep.id, { states: ['failed', 'lost'] });
  const changed = await changedGroups(project, sweep.id, groups);
  const count = groups.reduce((sum, group) => sum + group.tasks.length, 0);
  const causes = groups.length === 1 ? 'one cause' : `${groups.length} causes`;
  out.print(
    `${out.palette.bold(sweep.id)}: ${formatTasks(count)} failed, ${causes}`,
    ...formatGroups(groups, { cwd, palette: out.palette, handle, changed }),
    '',
    ...alignSteps([
      [`hsm errors ${handle} ${first.tasks[0] ?? 1}`, 'shows one with its trace'],
      ...rerunAdvice(groups, { sweep, tasks, sources, handle }),
    ]),
  );
  return EXIT.ok;
}

async function showFailure(
  context: CommandContext,
  text: string,
  taskText: string,
  { json }: JsonFlag,
): Promise<ExitCode> {
  const { project, out, err, cwd } = context;
  const sweep = await upToDate(context, chooseSweep(context, text));
  const task = await project.task(sweep.id, chooseTask(sweep, taskText));
  if (task.state !== 'failed' && task.state !== 'lost') {
    err.print(`Task ${task.number} of ${sweep.id} has not failed: it is ${task.state}.`);
    return EXIT.badInput;
  }
  const failure = await project.failure(sweep.id, task.number);
  const changed = await changedPlaces(project, sweep.id, failure);
  if (json === true) out.print(JSON.stringify({ ...failure, changed }));
  else {
    const style = { cwd, palette: out.palette, handle: handleOf(sweep, project) };
    out.print(...formatFailure(failure, task, style, changed));
  }
  return EXIT.ok;
}
