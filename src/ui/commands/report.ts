import * as vscode from 'vscode';
import { describeError } from './describeError';

export interface Reporter {
  /** Tells the user that what was asked for failed, and writes it down. */
  readonly report: (error: unknown) => void;
  /** Writes down a failure of something that nobody asked for just now. */
  readonly record: (error: unknown) => void;
}

/** The one place that words failures. */
export function makeReporter(log: vscode.LogOutputChannel): Reporter {
  const record = (error: unknown): void => {
    const message = describeError(vscode.l10n, error);
    if (!message) return;
    if (message.isBug && error instanceof Error) log.error(error);
    else log.warn(message.text);
  };
  const report = (error: unknown): void => {
    record(error);
    const message = describeError(vscode.l10n, error);
    if (!message) return;
    vscode.window
      .showErrorMessage(message.text, ...message.actions)
      .then((chosen) => chosen && vscode.commands.executeCommand(chosen.command, ...chosen.args))
      .then(undefined, record);
  };
  return { report, record };
}
