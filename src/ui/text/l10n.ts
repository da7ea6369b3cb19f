/** The part of `vscode.l10n` that texts need, so that they can be made and tested without VS Code. */
export interface L10n {
  /** `{0}`, `{1}`, … in the message stand for the arguments. */
  t(message: string, ...args: (string | number | boolean)[]): string;
}
