import type { FailureExplanation } from './failure';
import { plainText } from './markdown';
import { redactSecrets } from './redact';

/** What is known about failures of this kind, as Markdown paragraphs. Empty when nothing is. */
export function formatExplanation(known: FailureExplanation | undefined): string[] {
  if (!known) return [];
  const { explanation, advice, knownFrom } = known;
  const say = (text: string): string => plainText(redactSecrets(text));
  return [say(explanation), '', say(advice), '', `See <${knownFrom}>.`];
}
