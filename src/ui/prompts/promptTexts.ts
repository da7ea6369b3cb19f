import type { HostKeyQuestion, SecretRequest } from '../../core/compute/connectionPrompts';
import { harmlessText } from '../text/harmlessText';
import type { L10n } from '../text/l10n';

/** What one input box says. */
export interface FieldTexts {
  readonly title: string;
  /** The server's own words. */
  readonly prompt: string;
}

export function fieldTexts(l10n: L10n, request: SecretRequest, field: number): FieldTexts {
  const words = [request.instructions, request.fields[field]?.text ?? ''];
  return {
    title: titleOf(l10n, request),
    prompt: words
      .map((text) => harmlessText(text))
      .filter(Boolean)
      .join(' · '),
  };
}

function titleOf(l10n: L10n, { kind, host, subject }: SecretRequest): string {
  const about = harmlessText(subject);
  switch (kind) {
    case 'password':
      return l10n.t('{0}: password of {1}', host, about);
    case 'passphrase':
      return l10n.t('{0}: passphrase of the key {1}', host, about);
    case 'keyboard-interactive':
      return l10n.t('{0} asks {1}', host, about);
  }
}

export interface HostKeyTexts {
  readonly question: string;
  readonly detail: string;
}

export function hostKeyTexts(l10n: L10n, question: HostKeyQuestion): HostKeyTexts {
  const { host, address, keyType, fingerprint, knownAs } = question;
  const known =
    knownAs.length === 0
      ? l10n.t('Your known_hosts files do not list this host.')
      : l10n.t('Your known_hosts files list this host with other keys: {0}', knownAs.map(lineOf).join(', '));
  return {
    question: l10n.t('Trust the key of {0}?', host),
    detail: [
      l10n.t('Address: {0}', lineOf(address)),
      l10n.t('Key type: {0}', lineOf(keyType)),
      l10n.t('Fingerprint: {0}', lineOf(fingerprint)),
      '',
      known,
      l10n.t(
        'Compare the fingerprint with the one that the administrators of the host publish. If it differs, somebody may be reading along.',
      ),
    ].join('\n'),
  };
}

/** The buttons below {@link hostKeyTexts}. */
export function hostKeyAnswers(l10n: L10n): Record<'refuse' | 'trust' | 'copy', string> {
  return {
    refuse: l10n.t('Do Not Connect'),
    trust: l10n.t('Trust and Connect'),
    copy: l10n.t('Copy Fingerprint'),
  };
}

function lineOf(text: string): string {
  return harmlessText(text);
}
