import * as vscode from 'vscode';
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
  const { l10n, window, workspace } = vscode;
  const root = vscode.Uri.file(projectDir);
  const pathByUri = new Map(paths.map((path) => [vscode.Uri.joinPath(root, path).toString(), path]));
  const unsaved = workspace.textDocuments.filter(
    ({ isDirty, uri }) => isDirty && pathByUri.has(uri.toString()),
  );
  if (unsaved.length === 0) return 'nothing unsaved';
  const names = unsaved.map(({ uri }) => pathByUri.get(uri.toString()) ?? uri.fsPath);
  const save: vscode.MessageItem = { title: l10n.t('Save and Compare Again') };
  const chosen = await window.showWarningMessage(
    l10n.t('Not saved yet: {0}', listPaths(l10n, names)),
    {
      modal: true,
      detail: l10n.t(
        'The transfer would write files that are open with changes. They are saved first and compared again before anything is written.',
      ),
    },
    save,
  );
  if (chosen !== save) return 'cancelled';
  for (const document of unsaved) if (!(await document.save())) return 'cancelled';
  return 'saved';
}
