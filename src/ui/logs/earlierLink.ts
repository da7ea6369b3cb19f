import * as vscode from 'vscode';
import { earlierLabel } from './logText';

/** Makes a link of the words in the first line that offer earlier output. */
export class EarlierLink implements vscode.DocumentLinkProvider {
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const label = earlierLabel(vscode.l10n);
    const { text } = document.lineAt(0);
    // A log whose own first line ends so gets a link that does no harm.
    if (!text.endsWith(label)) return [];
    const range = new vscode.Range(0, text.length - label.length, 0, text.length);
    const link = new vscode.DocumentLink(range, vscode.Uri.parse('command:hsm.log.showEarlier'));
    link.tooltip = label;
    return [link];
  }
}
