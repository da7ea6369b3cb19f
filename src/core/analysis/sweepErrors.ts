import type { SweepSummary } from '../facade';
import type { FailureGroup, TaskFailure } from './failure';
import { formatPlace } from './formatTrace';
import { codeBlock, codeSpan, fileLink } from './markdown';
import { redactSecrets } from './redact';

const LISTED_TASKS = 20;
const EXAMPLE_LINES = 15;

/**
 * The failures of a sweep by cause, as Markdown: the biggest group first, with its place in the code, its tasks, and the
 * last lines of the first one's stderr. Obvious secrets are taken out.
 *
 * @param failures - in any order; a task of a group that is not among them is listed without a link
 * @param projectDir - the project's root, absolute: paths are shown from there
 */
export function formatSweepErrors(
  summary: SweepSummary,
  groups: readonly FailureGroup[],
  failures: readonly TaskFailure[],
  projectDir: string,
): string {
  const byTask = new Map(failures.map((failure) => [failure.task, failure]));
  const lines = [
    `# Errors of sweep ${codeSpan(summary.id)}`,
    '',
    headline(summary, groups.length),
    '',
    ...groups.flatMap((group, index) => formatGroup(group, index + 1, byTask, projectDir)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function headline({ counts, total }: SweepSummary, causes: number): string {
  const what = [`${counts.failed} of ${total} ${total === 1 ? 'task' : 'tasks'} failed`];
  if (counts.lost > 0) what.push(`${counts.lost} ${counts.lost === 1 ? 'is' : 'are'} lost`);
  if (causes === 0) return `${what.join(', ')}.`;
  return `${what.join(', ')}: ${causes} ${causes === 1 ? 'cause' : 'causes'}.`;
}

function formatGroup(
  group: FailureGroup,
  position: number,
  byTask: ReadonlyMap<number, TaskFailure>,
  projectDir: string,
): string[] {
  const example = group.tasks.map((task) => byTask.get(task)).find((failure) => failure !== undefined);
  const count = `${group.tasks.length} ${group.tasks.length === 1 ? 'task' : 'tasks'}`;
  return [
    `## ${position}. ${count}: ${codeSpan(redactSecrets(group.title))}`,
    '',
    ...(example?.culprit ? [`At ${formatPlace(example.culprit, projectDir)}.`, ''] : []),
    `Stderr of ${listTasks(group.tasks, byTask)}.`,
    '',
    ...(example ? formatExample(example) : []),
  ];
}

function listTasks(tasks: readonly number[], byTask: ReadonlyMap<number, TaskFailure>): string {
  const listed = tasks.slice(0, LISTED_TASKS).map((task) => {
    const failure = byTask.get(task);
    return failure ? fileLink(failure.name, failure.stderrFile) : codeSpan(String(task));
  });
  const left = tasks.length - listed.length;
  return left > 0 ? `${listed.join(', ')} and ${left} more` : listed.join(', ');
}

function formatExample(failure: TaskFailure): string[] {
  if (failure.stderrTail.length === 0) return [];
  const shown = redactSecrets(failure.stderrTail.join('\n')).split('\n').slice(-EXAMPLE_LINES);
  return [`The last lines of ${codeSpan(failure.name)}:`, '', codeBlock(shown), ''];
}
