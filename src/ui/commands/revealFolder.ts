import * as vscode from 'vscode';

/** Shows a folder in the explorer when the workspace holds it, else in the system's file manager. */
export async function revealFolder(dir: string): Promise<void> {
  const uri = vscode.Uri.file(dir);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(isInWorkspace ? 'revealInExplorer' : 'revealFileInOS', uri);
}
