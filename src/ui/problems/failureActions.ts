import * as vscode from 'vscode';
import { parseUriParts } from '../documents/documentUri';
import { PROBLEM_SOURCE } from './problemSource';

/** The light bulb on a failed task's line: why it failed, or that it is known. */
export class FailureActions implements vscode.CodeActionProvider {
  provideCodeActions(
    _document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return context.diagnostics
      .filter(({ source }) => source === PROBLEM_SOURCE)
      .flatMap((diagnostic) => actionsFor(diagnostic));
  }
}

function actionsFor(diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const { code } = diagnostic;
  const target = typeof code === 'object' ? code.target : undefined;
  const document = target && parseUriParts(target);
  if (document?.kind !== 'task') return [];
  const { sweepId, task } = document;
  return [
    action(vscode.l10n.t('Open Error Summary of Task {0}', task), 'hsm.task.openSummary', target, diagnostic),
    action(
      vscode.l10n.t('Dismiss Failures of {0}', sweepId),
      'hsm.sweep.dismissFailures',
      target,
      diagnostic,
    ),
  ];
}

function action(
  title: string,
  command: string,
  argument: unknown,
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction {
  const result = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  result.command = { title, command, arguments: [argument] };
  result.diagnostics = [diagnostic];
  return result;
}
