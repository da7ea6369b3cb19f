// In this order: each step leaves nothing that a later one would take apart.
const VARIABLE_PARTS: readonly (readonly [RegExp, string])[] = [
  // Hydra, of every failure: Error executing job with overrides: ['lr=0.1', 'seed=3']
  [/(?<=\boverrides: )\[[^\n]*\]/gu, '<values>'],
  // tqdm: ` 45%|####      | 45/100 [00:03<00:04, 13.2it/s]`; Keras, rich: ` 50/100 [=====>....] 3s 12ms/step`
  [/\d{1,3}%\s?\|[^|\n]{0,400}\|(?: ?[\d.,]+[kMGT]?\/[\d.,?]+[kMGT]?)?(?: ?\[[^\]\n]{0,200}\])?/gu, '<bar>'],
  [/[█▏▎▍▌▋▊▉━╸╺░▒▓]+(?:[ .]{1,400}(?=[\]|]))?|(?<=\[)[=>#.\s-]{5,400}(?=\])/gu, '<bar>'],
  [/(?<![\w.])\d+(?:\.\d+)?\s?(?:[kMGT]?i?[Bb]|it|m?s|\w{2,12})\/(?:s|it|step|sec)\b/gu, '<n>'],
  // 2026-01-02T10:11:12.345Z, 2026/01/02; not as a folder of a path
  [
    /(?<![\w/.-])\d{4}([-/])\d\d?\1\d\d?(?:[T ,]{1,2}\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?:Z|[+-]\d\d:?\d\d)?(?![\w/-])/gu,
    '<time>',
  ],
  [/(?<![\w.:])\d{1,6}:\d\d(?::\d\d)?(?:\.\d+)?(?![\w:])/gu, '<n>'],
  [/(?<![\w./-])\d+\/\d+(?![\w./-])/gu, '<n>'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>)]+/giu, '<url>'],
  [/(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?!\.?\w)/gu, '<address>'],
  [/(?<![\w<])(?:[A-Za-z]:)?(?:~|\.{1,2})?[\\/](?:[\w.@+=,%-]+[\\/])*[\w.@+=,%-]+/gu, '<path>'],
  [/(?<![\w/<])[\w.@+=%-]+(?:\/[\w.@+=%-]+)+/gu, '<path>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/giu, '<id>'],
  [/\b0x[0-9a-f]+\b/giu, '<address>'],
  // Like a number: one in forty of such ids has no letter.
  [/(?<![\p{L}\p{N}])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,}(?![\p{L}\p{N}])/giu, '<n>'],
  [/\b\d+(?:x\d+)+\b/gu, '<n>'],
  // v1.2, 2.1.0rc1, 2.1.0+cu118
  [
    /(?<![\p{L}\p{N}.])(?:(?:v\d+(?:\.\d+)+|\d+(?:\.\d+){2,})(?:[.+-]?(?:alpha|beta|rc|dev|post|cu|cpu|a|b)[\w.+]*)?|\d+\.\d+[.+-]?(?:alpha|beta|rc|dev|post|cu)[\w.+]*)(?![\p{L}\p{N}])/gu,
    '<version>',
  ],
  // Of one message one time it is 800.00 MiB and another time 2.50 GiB.
  [
    /(?<![\p{L}\p{N}.])[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)\s?(?:[kmgtp]i?b|b|bytes?)(?![\p{L}\p{N}])/giu,
    '<size>',
  ],
  [
    /(?<![\p{L}\p{N}.])(?:\d[\d_]*(?:\.\d+)?(?:\s?(?:[mnuµ]?s|min|seconds?|minutes?|hours?)|h)|\d+[hm]\d+(?:m\d+)?[ms]?)(?![\p{L}\p{N}])/gu,
    '<time>',
  ],
  // Not an exit code, which is the cause as far as it is known. Not digits that end a word, as in float32; after `_`
  // they count: task_0012.
  [
    /(?<![\p{L}\p{N}.]|exit code )[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+|[kMGT](?![\p{L}\p{N}]))?(?![\p{L}\p{N}])/gu,
    '<n>',
  ],
  // As Python prints floats; `NaN` in a sentence is a word.
  [/(?<![\w.])-?(?:nan|inf)(?!\w)/gu, '<n>'],
  [/<n>(?:(?:, ?| x |x)<n>)+/gu, '<n>'],
];

const SIGNATURE_LENGTH = 300;
/** Digits of names make texts of different lengths, so that what was cut to one length ends in different places. */
const KINDRED_LENGTH = 200;
/** Between what was said and where. */
const PLACE = ' @ ';

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
  return `${said}${PLACE}${place.file}${place.function === undefined ? '' : `:${place.function}`}`;
}

/**
 * What a signature has in common with those that differ from it only by the digits of a name: `KeyError: 'subject<n>'` of
 * `KeyError: 'subject42'`, `'subject7'` and so on. The place counts as it is. Of itself it is the same.
 *
 * Whether they are one cause their number tells: `expected float32` and `expected float64` are two.
 */
export function kindredSignature(signature: string): string {
  const at = signature.lastIndexOf(PLACE);
  const said = at < 0 ? signature : signature.slice(0, at);
  const kindred = said.replace(/(?<!exit code |\d)\d+/gu, '<n>');
  const whole = said.length < SIGNATURE_LENGTH ? kindred : kindred.slice(0, KINDRED_LENGTH);
  return `${whole}${at < 0 ? '' : signature.slice(at)}`;
}
