import * as vscode from 'vscode';
import { saveAll, unsavedBelow, type Unsaved } from '../editor/unsaved';
import { listPaths } from './syncWords';

/**
 * Before files of the workspace are replaced: has those saved that are open with changes, which would otherwise be
 * saved over the new content later.
 *
 * @param paths - relative to the project
 */
export async function saveFirst(
  projectDir: string,
  paths: readonly string[],
): Promise<'nothing unsaved' | 'saved' | 'cancelled'> {
  const { l10n, window } = vscode;
  const replaced = new Set(paths);
  const unsaved = unsavedBelow(projectDir, '').filter(({ path }) => replaced.has(path));
  if (unsaved.length === 0) return 'nothing unsaved';
  const save: vscode.MessageItem = { title: l10n.t('Save and Compare Again') };
  const chosen = await window.showWarningMessage(
    notSaved(unsaved),
    {
      modal: true,
      detail: l10n.t(
        'The transfer would write files that are open with changes. They are saved first and compared again before anything is written.',
      ),
    },
    save,
  );
  if (chosen !== save) return 'cancelled';
  return (await saveAll(unsaved)) ? 'saved' : 'cancelled';
}

/**
 * Before files of the workspace go to a checkout: what is on screen may not be what would go.
 *
 * @param paths - files and folders that go, relative to the project; empty: all of it
 * @returns whether to go on
 */
export async function offerToSave(projectDir: string, ...paths: readonly string[]): Promise<boolean> {
  const { l10n, window } = vscode;
  const unsaved = (paths.length > 0 ? paths : ['']).flatMap((path) => unsavedBelow(projectDir, path));
  if (unsaved.length === 0) return true;
  const save: vscode.MessageItem = { title: l10n.t('Save and Go On') };
  const skip: vscode.MessageItem = { title: l10n.t('Go On Without') };
  const detail = l10n.t('Only what is saved can go to a checkout.');
  const chosen = await window.showWarningMessage(notSaved(unsaved), { modal: true, detail }, save, skip);
  if (chosen === skip) return true;
  return chosen === save && (await saveAll(unsaved));
}

function notSaved(unsaved: readonly Unsaved[]): string {
  const { l10n } = vscode;
  return l10n.t(
    'Not saved yet: {0}',
    listPaths(
      l10n,
      unsaved.map(({ path }) => path),
    ),
  );
}
