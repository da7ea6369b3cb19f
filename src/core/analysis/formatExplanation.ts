import { explanationSentences } from './explanationText';
import type { FailureExplanation } from './failure';
import { plainText } from './markdown';
import { redactSecrets } from './redact';

/** What is known about failures of this kind, as Markdown paragraphs. Empty when nothing is. */
export function formatExplanation(known: FailureExplanation | undefined): string[] {
  if (!known) return [];
  const said = explanationSentences(known).flatMap((text) => [plainText(redactSecrets(text)), '']);
  return [...said, `See <${known.knownFrom}>.`];
}
