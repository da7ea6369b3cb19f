import type { L10n } from '../text/l10n';

/** Whether something can stand after `ssh`: nothing that it would take for an option, nothing for a shell. */
export function isHostName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._:%-]*$/.test(text);
}

/** A name for a source on a host that is free. */
export function suggestSourceName(host: string, taken: readonly string[]): string {
  const base = host.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'host';
  if (!taken.includes(base)) return base;
  for (let number = 2; ; number++) {
    if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`;
  }
}

/** What is wrong with a name, if anything. */
export function checkSourceName(l10n: L10n, name: string, taken: readonly string[]): string | undefined {
  if (taken.includes(name)) return l10n.t('There is a compute source of this name already.');
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return undefined;
  return l10n.t('Use letters, digits, dots, hyphens and underscores; begin with a letter or a digit.');
}

/** What is wrong with a number of slots, if anything; empty leaves it to the source. */
export function checkSlots(l10n: L10n, text: string): string | undefined {
  if (text === '' || /^[1-9]\d{0,5}$/.test(text)) return undefined;
  return l10n.t('Give a whole number from 1 on.');
}
