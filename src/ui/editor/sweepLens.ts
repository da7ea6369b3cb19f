import * as vscode from 'vscode';
import type { SweepFacade } from '../../core/facade';
import { lensTexts } from './lensTexts';

/** "▶ Start Sweep · 24 tasks" and "Preview" over a sweep file. */
export class SweepLens implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void> = vscode.workspace.onDidGrantWorkspaceTrust;

  constructor(
    private readonly facade: Pick<SweepFacade, 'isSweepFile' | 'preview'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { uri } = document;
    const text = document.getText();
    try {
      if (!this.facade.isSweepFile(uri.fsPath, text)) return [];
      const preview = await this.facade.preview(uri.fsPath, text, 0);
      return lensTexts(vscode.l10n, preview, vscode.workspace.isTrusted).map(
        (lens) => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { ...lens, arguments: [uri] }),
      );
    } catch (error) {
      this.onError(error);
      return [];
    }
  }
}
