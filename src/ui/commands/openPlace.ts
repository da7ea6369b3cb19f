import * as vscode from 'vscode';
import { fileExists } from '../documents/linkProvider';
import type { FilePlace } from './commandTable';

/** Opens a file at a line and puts the caret there. */
export async function openPlace({ file, line, column = 1 }: FilePlace): Promise<void> {
  const place = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(place, place) });
}

/**
 * Opens a file of a task as it is on disk. `vscode.open` also takes files that are too big for extensions, and keeps
 * what is shown in step with the file.
 *
 * @returns whether there is such a file
 */
export async function openTaskFile(file: string): Promise<boolean> {
  const uri = vscode.Uri.file(file);
  if (!(await fileExists(uri))) return false;
  await vscode.commands.executeCommand('vscode.open', uri);
  return true;
}
