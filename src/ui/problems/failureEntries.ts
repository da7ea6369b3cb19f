import { explanationSentences } from '../../core/analysis/explanationText';
import type { FailureGroup, Frame, TaskFailure } from '../../core/analysis/failure';
import type { MovedLine } from '../../core/analysis/movedLine';
import type { L10n } from '../text/l10n';
import { taskCount } from '../text/stateWords';

/** A cause of failures that has a place in the workspace, as Problems shows it. */
export interface FailureEntry {
  readonly sweepId: string;
  /** The task whose summary explains it. */
  readonly task: number;
  /** Absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** Short: how many tasks. */
  readonly code: string;
  /** The way to the place, outermost first. */
  readonly frames: readonly { readonly file: string; readonly line: number; readonly text: string }[];
}

const NAMED_TASKS = 10;

/**
 * @param example - one failure of the group
 * @param tasks - those of the group that count; the others were dismissed
 * @returns undefined when the cause is not in a file of the workspace, or nobody needs to look at it
 */
export function failureEntry(
  l10n: L10n,
  sweepId: string,
  group: FailureGroup,
  tasks: readonly number[],
  example: TaskFailure,
): FailureEntry | undefined {
  const { file, line } = group;
  const [task] = tasks;
  if (file === undefined || line === undefined || task === undefined) return undefined;
  return {
    sweepId,
    task,
    file,
    line,
    message: [group.title, advice(group), taskNames(l10n, sweepId, tasks)].filter(Boolean).join('\n'),
    code: taskCount(l10n, tasks.length),
    frames: example.frames.flatMap(toRelated),
  };
}

/** The entry at the lines where what ran is now. */
export async function placeEntry(
  l10n: L10n,
  entry: FailureEntry,
  lineNow: (file: string, line: number) => Promise<MovedLine>,
): Promise<FailureEntry> {
  const { line, isFileChanged } = await lineNow(entry.file, entry.line);
  const frames = entry.frames.map(async (frame) => ({
    ...frame,
    line: (await lineNow(frame.file, frame.line)).line,
  }));
  return {
    ...entry,
    line,
    frames: await Promise.all(frames),
    ...(isFileChanged && {
      message: `${entry.message}\n${l10n.t('The file has changed since this ran. What ran had this in line {0}.', entry.line)}`,
    }),
  };
}

function advice({ explanation }: FailureGroup): string {
  return explanation ? explanationSentences(explanation).join(' ') : '';
}

function taskNames(l10n: L10n, sweepId: string, tasks: readonly number[]): string {
  const named = tasks.slice(0, NAMED_TASKS).join(', ');
  const more = tasks.length - NAMED_TASKS;
  if (tasks.length === 1) return l10n.t('Task {0} of sweep {1}', named, sweepId);
  if (more <= 0) return l10n.t('Tasks {0} of sweep {1}', named, sweepId);
  return l10n.t('Tasks {0} and {1} more of sweep {2}', named, more, sweepId);
}

function toRelated({ localFile, line, function: name, text }: Frame): FailureEntry['frames'] {
  if (localFile === undefined) return [];
  return [{ file: localFile, line, text: [name, text].filter(Boolean).join(': ') || localFile }];
}
