import * as vscode from 'vscode';
import type { FailureGroup } from '../../core/analysis/failure';
import type { SweepFacade } from '../../core/facade';
import { changedFiles } from './changedFiles';
import { parseUriParts, toUriParts } from './documentUri';
import { readText } from './hsmDocuments';

/** What can be done about a failure, above its words in the summaries of tasks and sweeps. */
export class FailureLens implements vscode.CodeLensProvider {
  constructor(
    private readonly facade: Pick<SweepFacade, 'failure' | 'failureGroups' | 'codeAtLaunch'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const shown = parseUriParts(document.uri);
    try {
      if (shown?.kind === 'task') return await this.taskLenses(document, shown.sweepId, shown.task);
      if (shown?.kind === 'errors') return await this.groupLenses(document, shown.sweepId);
    } catch (error) {
      // The document says itself what is wrong; it is only left without its buttons.
      this.onError(error);
    }
    return [];
  }

  private async taskLenses(
    document: vscode.TextDocument,
    sweepId: string,
    task: number,
  ): Promise<vscode.CodeLens[]> {
    const top = document.lineAt(0).range;
    // The task has since been run again: there is nothing to do about it.
    if (!document.lineAt(0).text.startsWith('# ')) return [];
    const failure = await this.facade.failure(sweepId, task);
    const { l10n } = vscode;
    const target = document.uri;
    return [
      ...(failure.culprit?.localFile === undefined
        ? []
        : [lens(top, l10n.t('$(go-to-file) Go to Error'), 'hsm.task.goToError', target)]),
      lens(top, l10n.t('$(debug-restart) Rerun'), 'hsm.task.rerun', target),
      lens(top, l10n.t('Rerun Task…'), 'hsm.task.rerunWith', target),
      lens(top, l10n.t('$(debug-alt) Debug Here'), 'hsm.task.debug', target),
      lens(top, l10n.t('$(terminal) Open Terminal'), 'hsm.task.openTerminal', target),
      ...(await changedFiles({ facade: this.facade, readText }, sweepId, failure)).map((file) =>
        this.compareLens(top, { sweepId, task }, file),
      ),
    ];
  }

  private compareLens(
    range: vscode.Range,
    ran: { readonly sweepId: string; readonly task: number },
    file: string,
  ): vscode.CodeLens {
    const then = vscode.Uri.from(toUriParts({ kind: 'code', ...ran, file }));
    const now = vscode.Uri.file(file);
    const name = file.split(/[\\/]/).at(-1) ?? file;
    const title = vscode.l10n.t('{0} (As It Ran ↔ Now)', name);
    const words = vscode.l10n.t('$(diff) Compare {0} with What Ran', name);
    return lens(range, words, 'vscode.diff', then, now, title);
  }

  private async groupLenses(document: vscode.TextDocument, sweepId: string): Promise<vscode.CodeLens[]> {
    const groups = await this.facade.failureGroups(sweepId);
    const lenses: vscode.CodeLens[] = [];
    for (let line = 0; line < document.lineCount; line += 1) {
      const { text, range } = document.lineAt(line);
      const [, position] = /^## (\d+)\. /.exec(text) ?? [];
      const group = position === undefined ? undefined : groups[Number(position) - 1];
      if (group) lenses.push(...groupLenses(range, sweepId, group));
    }
    return lenses;
  }
}

function groupLenses(range: vscode.Range, sweepId: string, group: FailureGroup): vscode.CodeLens[] {
  const { l10n } = vscode;
  const { signature, tasks, file } = group;
  const [first] = tasks;
  const cause = { kind: 'cause', sweepId, group: 'failed', cause: signature };
  const task = { kind: 'task', sweepId, group: 'failed', task: first };
  return [
    ...(file === undefined
      ? []
      : [lens(range, l10n.t('$(go-to-file) Go to Line'), 'hsm.task.goToError', task)]),
    lens(range, l10n.t('$(debug-restart) Rerun This Group'), 'hsm.failure.rerunGroup', cause),
    lens(range, l10n.t('Rerun Group…'), 'hsm.failure.rerunGroupWith', cause),
    lens(range, l10n.t('$(debug-alt) Debug Task {0} Here', first ?? 0), 'hsm.task.debug', task),
  ];
}

function lens(range: vscode.Range, title: string, command: string, ...args: unknown[]): vscode.CodeLens {
  return new vscode.CodeLens(range, { title, command, arguments: args });
}
