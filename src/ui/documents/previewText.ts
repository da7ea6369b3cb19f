import { quoteWord } from '../../core/base/shellWord';
import type { PreviewTask, SweepPreview } from '../../core/facade';
import type { Problem } from '../../core/sweep/problem';
import type { L10n } from '../text/l10n';
import { taskCount } from '../text/stateWords';
import { formatTable, formatValue } from './table';

/** Combinations that a preview lists. */
export const PREVIEW_LIMIT = 50;

/**
 * What starting a sweep file would run.
 *
 * @param file - absolute
 * @param shownFile - as the title names it
 */
export function previewText(l10n: L10n, file: string, shownFile: string, preview: SweepPreview): string {
  const { count, problems, tasks } = preview;
  const summary =
    count === undefined
      ? l10n.t('This file has errors, so nothing would run.')
      : l10n.t('Starting this sweep runs {0}. Nothing was started or written.', taskCount(l10n, count));
  return [
    `# ${l10n.t('Preview of {0}', shownFile)}`,
    '',
    summary,
    ...problemLines(l10n, file, problems),
    ...commandLines(l10n, tasks[0]),
    ...taskLines(l10n, tasks, count ?? tasks.length),
    '',
  ].join('\n');
}

function problemLines(l10n: L10n, file: string, problems: readonly Problem[]): string[] {
  if (problems.length === 0) return [];
  const lines = problems.map(({ severity, message, hint, range }) => {
    const place = `[${l10n.t('line {0}', range.line)}](<${file}:${range.line}:${range.column}>)`;
    return `- ${severityWord(l10n, severity)}, ${place}: ${hint ? `${message} ${hint}` : message}`;
  });
  return ['', `## ${l10n.t('Problems')}`, '', ...lines];
}

function severityWord(l10n: L10n, severity: Problem['severity']): string {
  switch (severity) {
    case 'error':
      return l10n.t('error');
    case 'warning':
      return l10n.t('warning');
    case 'information':
      return l10n.t('note');
  }
}

function commandLines(l10n: L10n, task: PreviewTask | undefined): string[] {
  if (!task) return [];
  const command = task.argv.map(quoteWord).join(' ');
  return ['', `## ${l10n.t('Command of task {0}', task.number)}`, '', '```sh', command, '```'];
}

function taskLines(l10n: L10n, tasks: readonly PreviewTask[], count: number): string[] {
  if (tasks.length === 0) return [];
  const names = [...new Set(tasks.flatMap((task) => Object.keys(task.parameters)))];
  const rows = tasks.map((task) => [
    String(task.number),
    ...names.map((name) => formatValue(task.parameters[name])),
  ]);
  const title =
    tasks.length < count ? l10n.t('First {0} of {1} tasks', tasks.length, count) : l10n.t('All tasks');
  return ['', `## ${title}`, '', ...formatTable([l10n.t('task'), ...names], rows)];
}
