import * as vscode from 'vscode';
import type { FileComparison } from '../../core/sync/comparison';
import { foreignLine } from '../../core/analysis/foreignLine';
import { toSideUriParts } from './sideUri';

/** Where the sides of compared files are found. */
export interface DiffPlace {
  readonly projectDir: string;
  readonly source: string;
}

/** The remote version of a file on the left, that of the workspace on the right, where it can be edited. */
export async function openDiff(
  place: DiffPlace,
  file: FileComparison,
  /** In an editor that the next one replaces, unless somebody works in it. */
  preview = true,
): Promise<void> {
  const [remote, local] = sidesOf(place, file);
  const title = vscode.l10n.t('{0} ({1} ↔ Workspace)', foreignLine(file.path), place.source);
  await vscode.commands.executeCommand('vscode.diff', remote, local, title, { preview });
}

/** All in one editor; an editor that lacks it (a fork of VS Code) shows them one by one. */
export async function openAllDiffs(place: DiffPlace, files: readonly FileComparison[]): Promise<void> {
  const title = vscode.l10n.t('Changes: {0} ↔ Workspace', place.source);
  const commands = await vscode.commands.getCommands(true);
  if (!commands.includes('vscode.changes')) {
    for (const file of files) await openDiff(place, file, false);
    return;
  }
  const changes = files.map((file) => [fileUri(place, file), ...sidesOf(place, file)]);
  await vscode.commands.executeCommand('vscode.changes', title, changes);
}

function sidesOf(place: DiffPlace, file: FileComparison): [vscode.Uri, vscode.Uri] {
  const { source } = place;
  const uri = fileUri(place, file);
  const sideUri = (side: 'local' | 'remote'): vscode.Uri =>
    vscode.Uri.from(toSideUriParts({ source, path: file.path, side }, uri.path));
  const isFile =
    file.local.kind === 'file' || (file.local.kind === 'object' && file.local.mode.startsWith('100'));
  return [sideUri('remote'), isFile ? uri : sideUri('local')];
}

function fileUri({ projectDir }: DiffPlace, { path }: FileComparison): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.file(projectDir), path);
}
