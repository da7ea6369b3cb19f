import * as vscode from 'vscode';

/** A file of the workspace that is open with changes. */
export interface Unsaved {
  readonly document: vscode.TextDocument;
  /** Relative to the project, with `/`. */
  readonly path: string;
}

/** @param path - relative to the project; empty: everything in it */
export function unsavedBelow(projectDir: string, path: string): readonly Unsaved[] {
  const root = `${vscode.Uri.file(projectDir).path}/`;
  return vscode.workspace.textDocuments
    .filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file' && uri.path.startsWith(root))
    .map((document) => ({ document, path: document.uri.path.slice(root.length) }))
    .filter((each) => path === '' || each.path === path || each.path.startsWith(`${path}/`));
}

/** @returns false when one could not be saved; the editor has said why */
export async function saveAll(unsaved: readonly Pick<Unsaved, 'document'>[]): Promise<boolean> {
  for (const { document } of unsaved) if (document.isDirty && !(await document.save())) return false;
  return true;
}
