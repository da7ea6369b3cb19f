import * as vscode from 'vscode';
import { findLinks, overlaps, parseTarget, resolvePath, type FileLink } from './findLinks';
import type { UnfoldedLink } from './unfoldLinks';

/** Makes what our documents link to, and the places in files that they name, clickable, as far as the files are here. */
export class FileLinkProvider implements vscode.DocumentLinkProvider {
  constructor(
    private readonly projectDir: string,
    /** The links of a document that was written with some. */
    private readonly linksOf: (uri: vscode.Uri) => readonly UnfoldedLink[],
  ) {}

  async provideDocumentLinks(document: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const written = this.linksOf(document.uri);
    const others = written.filter(({ url }) => !url.startsWith('file:'));
    const places = [
      ...written.filter(({ url }) => url.startsWith('file:')).map(toFileLink),
      ...findLinks(document.getText()).filter((link) => !written.some((known) => overlaps(known, link))),
    ];
    const found = places.map((link) => ({
      link,
      uri: vscode.Uri.file(resolvePath(this.projectDir, link.path)),
    }));
    const existing = await existingFiles(found.map(({ uri }) => uri));
    return [
      ...others.map(({ start, end, url }) => {
        const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
        return new vscode.DocumentLink(range, vscode.Uri.parse(url));
      }),
      ...found
        .filter(({ uri }) => existing.has(uri.toString()))
        .map(({ link, uri }) => toDocumentLink(document, link, uri)),
    ];
  }
}

function toFileLink({ start, end, url }: UnfoldedLink): FileLink {
  return { start, end, ...parseTarget(url) };
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
