import * as vscode from 'vscode';
import { findLinks, resolvePath, type FileLink } from './findLinks';

/** Makes the places in files that our documents name clickable, as far as the files are here. */
export class FileLinkProvider implements vscode.DocumentLinkProvider {
  constructor(private readonly projectDir: string) {}

  async provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const found = findLinks(document.getText()).map((link) => ({
      link,
      uri: vscode.Uri.file(resolvePath(this.projectDir, link.path)),
    }));
    const existing = await existingFiles(found.map(({ uri }) => uri));
    return found
      .filter(({ uri }) => existing.has(uri.toString()))
      .map(({ link, uri }) => toDocumentLink(document, link, uri));
  }
}

async function existingFiles(uris: readonly vscode.Uri[]): Promise<ReadonlySet<string>> {
  const unique = new Map(uris.map((uri) => [uri.toString(), uri]));
  const checks = [...unique].map(async ([key, uri]) => ((await fileExists(uri)) ? [key] : []));
  return new Set((await Promise.all(checks)).flat());
}

export async function fileExists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}

function toDocumentLink(
  document: vscode.TextDocument,
  { start, end, line, column }: FileLink,
  uri: vscode.Uri,
): vscode.DocumentLink {
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const fragment = line === undefined ? '' : `L${line},${column ?? 1}`;
  const link = new vscode.DocumentLink(range, uri.with({ fragment }));
  link.tooltip = vscode.l10n.t('Open {0}', uri.fsPath);
  return link;
}
