import { formatSweepErrors } from '../../core/analysis/sweepErrors';
import { formatTaskSummary } from '../../core/analysis/taskSummary';
import { link } from '../../core/analysis/markdown';
import { HsmError } from '../../core/base/errors';
import type { SweepFacade, SweepSummary } from '../../core/facade';
import type { L10n } from '../text/l10n';
import { taskStateWord } from '../text/stateWords';
import { isFailure } from '../trees/taskGroup';
import { changedFiles } from './changedFiles';
import { addressOf, type HsmDocument } from './documentUri';
import { PREVIEW_LIMIT, previewText } from './previewText';
import { resultsText } from './resultsText';

/** Failures of one cause that a sweep's error summary links to. */
const LINKED_PER_GROUP = 20;
/** And of all causes together. */
const LINKED_FAILURES = 200;

export interface DocumentSources {
  readonly facade: SweepFacade;
  readonly l10n: L10n;
  /** The text of a workspace file, with changes that are not saved yet. */
  readonly readText: (file: string) => Promise<string>;
}

/**
 * The text of a virtual document. What cannot be shown any more is a sentence in the document: a tab that was restored
 * after the sweep is gone is nobody's mistake.
 */
export async function documentText(sources: DocumentSources, document: HsmDocument): Promise<string> {
  const { facade, l10n, readText } = sources;
  try {
    if (document.kind === 'preview') {
      const preview = await facade.preview(document.file, await readText(document.file), PREVIEW_LIMIT);
      return previewText(l10n, document.file, relativeTo(facade.projectDir, document.file), preview);
    }
    const sweep = facade.sweep(document.sweepId);
    if (!sweep) return `${l10n.t('There is no sweep {0} any more.', document.sweepId)}\n`;
    if (document.kind === 'task') return await taskText(sources, sweep, document.task);
    if (document.kind === 'errors') return await errorsText(facade, sweep);
    if (document.kind === 'code') return await codeText(sources, sweep, document);
    return resultsText(l10n, sweep, await facade.results(sweep.id));
  } catch (error) {
    if (error instanceof HsmError) return `${error.message}\n`;
    throw error;
  }
}

async function taskText(sources: DocumentSources, sweep: SweepSummary, task: number): Promise<string> {
  const { facade, l10n } = sources;
  const details = await facade.task(sweep.id, task);
  if (!isFailure(details.state)) {
    const state = taskStateWord(l10n, details.state);
    return `${l10n.t('Task {0} of {1} is {2}: it has no failure to show.', task, sweep.id, state)}\n`;
  }
  const failure = await facade.failure(sweep.id, task);
  const notes = (await changedFiles(sources, sweep.id, failure)).map((file) => {
    const name = link(
      relativeTo(facade.projectDir, file),
      addressOf({ kind: 'code', sweepId: sweep.id, file, task }),
    );
    return l10n.t('This file has changed since the sweep was started. As it was then: {0}.', name);
  });
  return formatTaskSummary(failure, details, facade.projectDir, notes);
}

async function codeText(
  { facade, l10n }: DocumentSources,
  { id }: SweepSummary,
  { file, task }: Extract<HsmDocument, { kind: 'code' }>,
): Promise<string> {
  const code = await facade.codeAtLaunch(id, file, task);
  return code?.text ?? `${l10n.t('Nobody knows what {0} was when {1} was started.', file, id)}\n`;
}

async function errorsText(facade: SweepFacade, sweep: SweepSummary): Promise<string> {
  const groups = await facade.failureGroups(sweep.id);
  const tasks = groups.flatMap((group) => group.tasks.slice(0, LINKED_PER_GROUP)).slice(0, LINKED_FAILURES);
  const failures = await Promise.all(tasks.map((task) => facade.failure(sweep.id, task)));
  return formatSweepErrors(sweep, groups, failures, facade.projectDir, ({ task }) =>
    addressOf({ kind: 'task', sweepId: sweep.id, task }),
  );
}

/** A path as people name it: from the project's root where it is inside. */
export function relativeTo(dir: string, file: string): string {
  const inside = file.startsWith(dir) && /^[\\/]/.test(file.slice(dir.length));
  return inside ? file.slice(dir.length + 1).replaceAll('\\', '/') : file;
}
