import type { L10n } from '../../src/ui/text/l10n';

/** English, as VS Code shows it without a language pack. */
export const plainL10n: L10n = {
  t: (message, ...args) => message.replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)])),
};
