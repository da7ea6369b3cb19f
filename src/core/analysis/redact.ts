import type { JsonValue } from '../sweep/value';

const REDACTED = '[redacted]';

// Tokens that tell by their shape what they are.
const TOKEN_SHAPES: readonly RegExp[] = [
  /\bhf_[A-Za-z0-9]{20,}/gu,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/gu,
  /\bgithub_pat_\w{20,}/gu,
  /\bglpat-[\w-]{16,}/gu,
  /\bsk-(?:[a-z]+-)*[\w-]{20,}/gu,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/gu,
  /\bxox[abeoprs]-[\w-]{10,}/gu,
  /\bAIza[\w-]{30,}/gu,
  /\bpypi-[\w-]{30,}/gu,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/gu,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu,
];

// The words that a secret's name ends with. `token` alone also names parts of a text (`pad_token`), see `hidesToken`.
const SECRET_NAME = String.raw`(?:pass(?:word|wd|phrase)?|pwd|secret|credentials?|(?:api|access|secret|private|auth|account)[_-]?key|(?:auth|access|api|bearer|refresh|secret|hf|github|gitlab|wandb|pypi|npm)[_-]?token)`;
const NAME_START = String.raw`(?<![A-Za-z])`;
const VALUE = String.raw`"[^"\n]*"|'[^'\n]*'|[^\s"',;&]+`;

const NAMED = new RegExp(String.raw`(${NAME_START}${SECRET_NAME}["']?\s*[=:]\s*)(${VALUE})`, 'giu');
const FLAG = new RegExp(String.raw`(--?[\w.-]{0,60}${NAME_START}${SECRET_NAME}\s+)(?!-)(${VALUE})`, 'giu');
const BARE_TOKEN = new RegExp(String.raw`(token["']?\s*[=:]\s*|--?[\w-]{0,60}token\s+)(${VALUE})`, 'giu');
const BEARER = /(\b(?:Bearer|Basic)\s+)([A-Za-z0-9+/._~-]{12,}=*)/gu;
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/giu;

/**
 * Takes obvious secrets out of a text that will be shown or stored: values of names like `password` and `WANDB_API_KEY`,
 * tokens that are known by their shape, passwords in addresses. What a program calls by another name stays.
 */
export function redactSecrets(text: string): string {
  let shown = text;
  for (const shape of TOKEN_SHAPES) shown = shown.replace(shape, REDACTED);
  for (const pattern of [NAMED, FLAG, BEARER, URL_PASSWORD]) shown = shown.replace(pattern, `$1${REDACTED}`);
  return shown.replace(BARE_TOKEN, (whole, name: string, value: string) =>
    hidesToken(value) ? `${name}${REDACTED}` : whole,
  );
}

/** The same for a command, where an element is one value with its spaces: `password=two words`, `--password`, `two words`. */
export function redactCommand(argv: readonly string[]): string[] {
  return argv.map((element, index) => {
    const flag = /^--?(\w[\w.-]*)$/u.exec(argv[index - 1] ?? '')?.[1];
    if (flag !== undefined && !element.startsWith('-')) return redactValue(flag, element);
    const equals = element.indexOf('=');
    if (equals < 0) return redactSecrets(element);
    const name = element.slice(0, equals);
    return `${name}=${redactValue(name, element.slice(equals + 1))}`;
  });
}

/** The value of a parameter, by its name. */
export function redactValue(name: string, value: string): string {
  const start = `${name}=`;
  // In quotes the value is taken as a whole; which characters are in it does not matter for that.
  const shown = redactSecrets(`${start}"${value.replaceAll(/["\n]/gu, ' ')}"`);
  return shown === `${start}${REDACTED}` ? REDACTED : redactSecrets(value);
}

/** The same for a value of any kind, which keeps its kind where it is no secret. In a map the inner names count too. */
export function redactParameter(name: string, value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactValue(name, value);
  if (value === null || typeof value === 'boolean') return value;
  if (redactValue(name, JSON.stringify(value)) === REDACTED) return REDACTED;
  if (typeof value === 'number') return value;
  if (isJsonList(value)) return value.map((item) => redactParameter(name, item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactParameter(key, item)]));
}

/** `Array.isArray` makes `any[]` of a list that is read-only. */
function isJsonList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** `pad_token=<pad>` is a word of a vocabulary; what opens doors is long and mixes letters with digits. */
function hidesToken(value: string): boolean {
  return value.length >= 12 && /\d/u.test(value) && /[A-Za-z]/u.test(value);
}
