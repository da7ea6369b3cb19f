// In this order: each step leaves nothing that a later one would take apart.
const VARIABLE_PARTS: readonly (readonly [RegExp, string])[] = [
  // tqdm: ` 45%|####      | 45/100 [00:03<00:04, 13.2it/s]`; Keras, rich: ` 50/100 [=====>....] 3s 12ms/step`
  [/\d{1,3}%\s?\|[^|\n]{0,400}\|(?: ?[\d.,]+[kMGT]?\/[\d.,?]+[kMGT]?)?(?: ?\[[^\]\n]{0,200}\])?/gu, '<bar>'],
  [/[█▏▎▍▌▋▊▉━╸╺░▒▓]+(?:[ .]{1,400}(?=[\]|]))?|(?<=\[)[=>#.\s-]{5,400}(?=\])/gu, '<bar>'],
  [/(?<![\w.])\d+(?:\.\d+)?\s?(?:[kMGT]?i?[Bb]|it|m?s|\w{2,12})\/(?:s|it|step|sec)\b/gu, '<n>'],
  [/(?<![\w.:])\d{1,6}:\d\d(?::\d\d)?(?:\.\d+)?(?![\w:])/gu, '<n>'],
  [/(?<![\w./-])\d+\/\d+(?![\w./-])/gu, '<n>'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>)]+/giu, '<url>'],
  [/(?<![\w<])(?:[A-Za-z]:)?(?:~|\.{1,2})?[\\/](?:[\w.@+=,%-]+[\\/])*[\w.@+=,%-]+/gu, '<path>'],
  [/(?<![\w/<])[\w.@+=%-]+(?:\/[\w.@+=%-]+)+/gu, '<path>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/giu, '<id>'],
  [/\b0x[0-9a-f]+\b/giu, '<address>'],
  [/\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/giu, '<id>'],
  [/\b\d+(?:x\d+)+\b/gu, '<n>'],
  // Not an exit code, which is the cause as far as it is known. Not digits that end a word, as in float32; after `_`
  // they count: task_0012.
  [/(?<![\p{L}\p{N}.]|exit code )[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\p{L}\p{N}])/giu, '<n>'],
  [/(?<![\p{L}\p{N}])\d+(?:\.\d+)?(?=[kmgt]?i?b\b|m?s\b|%)/giu, '<n>'],
  // As Python prints floats; `NaN` in a sentence is a word.
  [/(?<![\w.])-?(?:nan|inf)(?!\w)/gu, '<n>'],
  [/<n>(?:(?:, ?| x |x)<n>)+/gu, '<n>'],
];

const SIGNATURE_LENGTH = 300;

/**
 * A message with what differs from task to task blanked: numbers, paths, addresses, ids.
 *
 * `loss is nan at epoch 17` and `loss is inf at epoch 3` both become `loss is <n> at epoch <n>`.
 */
export function blankVariableParts(message: string): string {
  let text = message;
  for (const [part, blank] of VARIABLE_PARTS) text = text.replace(part, blank);
  return text.slice(0, SIGNATURE_LENGTH);
}

/**
 * Equal for failures with the same cause, on whatever machine they happened: what was said with its variable parts
 * blanked, and where in the project's code.
 *
 * @param place - path in the project and function, without the line, which moves with every edit above it
 */
export function formatSignature(
  title: string,
  place: { readonly file: string; readonly function?: string } | undefined,
): string {
  const said = blankVariableParts(title);
  if (!place) return said;
  return `${said} @ ${place.file}${place.function === undefined ? '' : `:${place.function}`}`;
}
