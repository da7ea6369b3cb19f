/**
 * The page's texts in the editor's language: VS Code's own bundle comes with the document, English texts are its keys. A
 * text that the bundle lacks stays English.
 *
 * @see https://code.visualstudio.com/api/references/vscode-api#l10n
 */
export const l10n = {
  /** `{0}`, `{1}`, … in the message stand for the arguments. */
  t(message: string, ...args: readonly (string | number)[]): string {
    return (bundle[message] ?? message).replaceAll(/\{(\d+)\}/gu, (whole, index: string) =>
      String(args[Number(index)] ?? whole),
    );
  },
};

const bundle = JSON.parse(document.body.dataset['l10n'] ?? '{}') as Readonly<
  Record<string, string | undefined>
>;
