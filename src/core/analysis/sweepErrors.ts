import type { SweepSummary } from '../facade';
import type { FailureGroup, TaskFailure } from './failure';
import { formatPlace } from './formatTrace';
import { describeCommon } from './describeCommon';
import { formatExplanation } from './formatExplanation';
import { codeBlock, codeSpan, fileLink, link, plainText } from './markdown';
import { redactSecrets } from './redact';

/** How a document is made. */
interface Look {
  readonly projectDir: string;
  readonly taskUrl?: (failure: TaskFailure) => string;
}

const LISTED_TASKS = 20;
const EXAMPLE_LINES = 15;

/**
 * The failures of a sweep by cause, as Markdown: the biggest group first, with its place in the code, what it means, what
 * its tasks have in common, and the last lines that the first one wrote. Obvious secrets are taken out.
 *
 * @param failures - in any order; a task of a group that is not among them is listed without a link
 * @param projectDir - the project's root, absolute: paths are shown from there
 * @param taskUrl - where a task's link leads. Default: its stderr
 */
export function formatSweepErrors(
  summary: SweepSummary,
  groups: readonly FailureGroup[],
  failures: readonly TaskFailure[],
  projectDir: string,
  taskUrl?: (failure: TaskFailure) => string,
): string {
  const look = { projectDir, ...(taskUrl && { taskUrl }) };
  const byTask = new Map(failures.map((failure) => [failure.task, failure]));
  const lines = [
    `# Errors of sweep ${codeSpan(summary.id)}`,
    '',
    headline(summary, groups.length),
    '',
    ...groups.flatMap((group, index) => formatGroup(group, index + 1, byTask, look)),
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
  look: Look,
): string[] {
  const example = group.tasks.map((task) => byTask.get(task)).find((failure) => failure !== undefined);
  const count = `${group.tasks.length} ${group.tasks.length === 1 ? 'task' : 'tasks'}`;
  return [
    `## ${position}. ${count}: ${codeSpan(redactSecrets(group.title))}`,
    '',
    ...(example?.culprit ? [`At ${formatPlace(example.culprit, look.projectDir)}.`, ''] : []),
    ...paragraphs(formatExplanation(group.explanation)),
    ...describeCommon(group).map((line) => `- ${plainText(redactSecrets(line))}`),
    ...(group.firstAtMs === undefined ? [] : [`- ${formatTimes(group)}`]),
    `- ${look.taskUrl ? 'Tasks' : 'Stderr of'} ${listTasks(group.tasks, byTask, look)}.`,
    '',
    ...(example ? formatExample(example) : []),
  ];
}

function paragraphs(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}

/** In UTC, so that a stored summary reads the same everywhere. */
function formatTimes({ firstAtMs = 0, lastAtMs = firstAtMs }: FailureGroup): string {
  const [first, last] = [firstAtMs, lastAtMs].map((ms) =>
    new Date(ms).toISOString().slice(0, 19).replace('T', ' '),
  );
  return first === last ? `Failed ${first} UTC.` : `First failed ${first}, last ${last} UTC.`;
}

function listTasks(
  tasks: readonly number[],
  byTask: ReadonlyMap<number, TaskFailure>,
  { taskUrl }: Look,
): string {
  const listed = tasks.slice(0, LISTED_TASKS).map((task) => {
    const failure = byTask.get(task);
    if (!failure) return codeSpan(String(task));
    return taskUrl ? link(failure.name, taskUrl(failure)) : fileLink(failure.name, failure.stderrFile);
  });
  const left = tasks.length - listed.length;
  return left > 0 ? `${listed.join(', ')} and ${left} more` : listed.join(', ');
}

function formatExample(failure: TaskFailure): string[] {
  return [
    ...formatTail('stderr', failure.stderrTail, failure),
    ...formatTail('stdout', failure.stdoutTail, failure),
  ];
}

function formatTail(log: string, tail: readonly string[], { name }: TaskFailure): string[] {
  if (tail.length === 0) return [];
  const shown = redactSecrets(tail.join('\n')).split('\n').slice(-EXAMPLE_LINES);
  return [`The last lines of ${log} of ${codeSpan(name)}:`, '', codeBlock(shown), ''];
}
