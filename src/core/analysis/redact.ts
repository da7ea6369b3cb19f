import type { JsonValue } from '../sweep/value';
import { mayNameSecret, secrecyOf } from './secretNames';
import { AFTER_CONTEXT, TOKEN_SHAPES } from './secretShapes';

const REDACTED = '[redacted]';

const SIGN_IN = /(\b(?:Bearer|Basic)\s+)([A-Za-z0-9+/._~-]{12,}=*)/gu;
/** `authentication`, `AuthenticationMiddleware`. */
const WORD = /^(?:[a-z]*(?:[A-Z][a-z]{2,})*|[A-Z]+)$/u;

// `https://name:password@host`, `https://token@host`; the password may hold any character but these.
const URL_USER = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)([^\s/?#@:]{0,300})(:[^\s/?#]{0,300})?@(?=[\w[])/giu;
// `curl -u name:password`; not `docker run -u 1000:1000`, `python -u C:\x.py`.
const USER_FLAG =
  /((?:^|\s)(?:-[uU]|--(?:proxy-)?user)[ =]\s*["']?)(?!\d+:\d+\b|[A-Za-z]:\\)([^\s:"']{1,100}:)[^\s"']+/gu;

// `db.password=`, `"apiKey": `, `\"token\":`, `secret => `
const NAMED = /(?<!\w)([A-Za-z_][\w.-]{0,200})(\\*["']?[ \t]{0,8}(?:=>|:=|[=:])[ \t]{0,8})/gu;
const FLAG = /(?<=^|[\s"'])--?([A-Za-z][\w.-]{0,100})["']?[ \t]{1,8}(?!-)/gmu;
// `api_key is `, `api_key was set to `, `neptune_api_token `, `passphrase `
const SAID = /(?<!\w)([A-Za-z_][\w.-]{0,200})[ \t]{1,4}(?:(?:is|was|now|set|to)[ \t]{1,4}){0,4}(?=[^\s=:])/gu;
// `secret_key: |`, `- secret_key: !!binary >2-  # why`, the value in the lines below that are indented further
const BLOCK =
  /^([ \t]*(?:-[ \t]+)*)["']?([A-Za-z_][\w.-]{0,200})["']?:[ \t]{1,8}(?:[!&]\S{0,100}[ \t]{1,8}){0,2}[|>](?:[+-]?\d?|\d[+-])[ \t]*(?:(?<=[ \t])#.*)?\r?\n/gmu;
// In quotes up to their end, or to the line's where it is cut off; else up to a blank, or the next pair of a query.
const VALUE =
  /(?:[bruf]{0,2}(?:"(?:[^"\\\n]|\\.)*(?:"|$)|'(?:[^'\\\n]|\\.)*(?:'|$)|\\+"(?:(?!\\+")[^\n])*(?:\\+"|$))|(?:(?!&[\w.-]+=)[^\s"'])(?:(?!&[\w.-]+=)\S)*)/muy;
/** Characters of a value that are looked at. Of what is only perhaps a secret the same ones are looked at again and again. */
const LONGEST = { yes: 10_000, perhaps: 200 };
const PASSWORD = /(?:password|passwd|passphrase|passcode|pwd)\d*$/iu;
const MYSQL = /(?:^|[\s/])(?:mysql|mariadb)(?:-?(?:dump|admin|import|check|show))?(?:\s|$)/u;
/** What stands for a value in code, and closes what is around one. */
const NO_VALUE =
  /^(?:None|null|nil|undefined|true|false|str|bytes|string|[|>](?:[+-]?\d?|\d[+-])|\[redacted\])?[,;:)\]}]*$/iu;

/**
 * Takes secrets out of a text that will be shown or stored: values of names like `password` and `WANDB_API_KEY`, tokens
 * that are known by their shape, passwords in addresses, and values that are known to be secret. What a program calls by
 * another name, and nobody knows, stays.
 *
 * @param known - values to hide wherever they stand, see `secretValues`
 */
export function redactSecrets(text: string, known: readonly string[] = []): string {
  let shown = hideAll(text, known);
  for (const shape of TOKEN_SHAPES) shown = shown.replace(shape, REDACTED);
  const lower = shown.toLowerCase();
  for (const { word, pattern } of AFTER_CONTEXT)
    if (lower.includes(word)) shown = shown.replace(pattern, `$1${REDACTED}`);
  shown = shown.replace(SIGN_IN, redactSignIn);
  if (lower.includes('://')) shown = shown.replace(URL_USER, redactUser);
  shown = shown.replace(USER_FLAG, `$1$2${REDACTED}`);
  if (!mayNameSecret(shown)) return shown;
  return redactSaid(redactNamed(redactNamed(redactBlocks(shown), NAMED), FLAG));
}

/** The same for a command, where an element is one value with its spaces: `password=two words`, `--password`, `two words`. */
export function redactCommand(argv: readonly string[], known: readonly string[] = []): string[] {
  return argv.map((given, index) => {
    const element = hideAll(given, known);
    const before = argv[index - 1] ?? '';
    if (isSecretAfter(before, element, argv)) return REDACTED;
    if (/^-p./u.test(element) && argv.some((word) => MYSQL.test(word))) return `-p${REDACTED}`;
    if (/^(?:-[uU]|--(?:proxy-)?user)$/u.test(before)) return redactSecrets(`-u ${element}`).slice(3);
    const flag = /^--?(\w[\w.-]*)$/u.exec(before)?.[1];
    if (flag !== undefined && !element.startsWith('-')) return redactValue(flag, element);
    const equals = element.indexOf('=');
    if (equals < 0 || /[\s:]/u.test(element.slice(0, equals))) return redactSecrets(element);
    const name = element.slice(0, equals);
    return `${name}=${redactValue(name, element.slice(equals + 1))}`;
  });
}

/** The value of a parameter, by its name. */
export function redactValue(name: string, value: string): string {
  if (isSecret(name, value)) return REDACTED;
  return redactSecrets(value);
}

/** The same for a value of any kind, which keeps its kind where it is no secret. In a map the inner names count too. */
export function redactParameter(name: string, value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactValue(name, value);
  if (value === null || typeof value === 'boolean') return value;
  if (isSecret(name, JSON.stringify(value))) return REDACTED;
  if (typeof value === 'number') return value;
  if (isJsonList(value)) return value.map((item) => redactParameter(name, item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactParameter(key, item)]));
}

/**
 * The values in environments and parameters that are secret by their names, for {@link redactSecrets} to hide wherever a
 * program prints them; also as addresses and JSON write them. Words and numbers that stand in many places by chance, e.g.
 * `default`, are left.
 */
export function secretValues(...sources: readonly Readonly<Record<string, JsonValue>>[]): readonly string[] {
  const values = sources
    .flatMap((source) => Object.entries(source))
    .flatMap(([name, value]) =>
      typeof value === 'string' && !isCommon(value) && isSecret(name, value) ? [value] : [],
    );
  const written = values.flatMap((value) => [
    value,
    // Half a character cannot be encoded.
    encodeURIComponent(value.replace(/\p{Cs}/gu, '')),
    JSON.stringify(value).slice(1, -1),
  ]);
  // The longest first: one may be part of another.
  return [...new Set(written)].sort((a, b) => b.length - a.length);
}

function isCommon(value: string): boolean {
  return value.length < 6 || /^(?:[A-Za-z]{1,11}|\d{1,7})$/u.test(value);
}

function hideAll(text: string, known: readonly string[]): string {
  return known.reduce((shown, value) => shown.replaceAll(value, REDACTED), text);
}

/** Replaces the values that follow a name which `start` finds in its first group. What is between them is looked at too. */
function redactNamed(text: string, start: RegExp): string {
  const shown: string[] = [];
  let done = 0;
  for (const match of text.matchAll(start)) {
    const from = match.index + match[0].length;
    const secrecy = match.index < done ? 'no' : secrecyOf(match[1] ?? '');
    if (secrecy === 'no') continue;
    VALUE.lastIndex = 0;
    const value = VALUE.exec(text.slice(from, from + LONGEST[secrecy]))?.[0] ?? '';
    const kept = value.length - trailing(value);
    if (NO_VALUE.test(value) || !isSecret(match[1] ?? '', value.slice(0, kept))) continue;
    if (isHeading(match[1] ?? '', match[2] ?? '') && !hidesToken(value)) continue;
    if (match[2]?.trim() === ':' && SYSTEM_WORDS.test(text.slice(from, from + 40))) continue;
    shown.push(text.slice(done, from), REDACTED);
    done = from + kept;
  }
  shown.push(text.slice(done));
  return shown.join('');
}

/** What follows the name of a file: `cat: secret: Permission denied`. */
const SYSTEM_WORDS =
  /^(?:Permission denied|No such file or directory|(?:Is|Not) a directory|command not found|Input\/output error)\b/iu;

/** `pass: ` and `TOKEN: ` are words of a report; as secrets they have `=`, or quotes around them. */
function isHeading(name: string, separator: string): boolean {
  return /(?:^|[_.-])pass$|^TOKENS?$/u.test(name) && /^[ \t]*:/u.test(separator);
}

/** Values that only stand behind a name: in quotes after one of a password, else when they look like a secret. */
function redactSaid(text: string): string {
  const shown: string[] = [];
  let done = 0;
  for (const match of text.matchAll(SAID)) {
    const name = match[1] ?? '';
    if (match.index < done || secrecyOf(name) !== 'yes') continue;
    const from = match.index + match[0].length;
    VALUE.lastIndex = 0;
    const value = VALUE.exec(text.slice(from, from + LONGEST.perhaps))?.[0] ?? '';
    const isQuoted = /^(["']).+\1$/u.test(value) && PASSWORD.test(name);
    if (!isQuoted && !isRandom(value)) continue;
    shown.push(text.slice(done, from), REDACTED);
    done = from + value.length - trailing(value);
  }
  shown.push(text.slice(done));
  return shown.join('');
}

/** The lines of a YAML block go, whatever they hold. */
function redactBlocks(text: string): string {
  const shown: string[] = [];
  let done = 0;
  for (const match of text.matchAll(BLOCK)) {
    const [head, indent = '', name = ''] = match;
    if (match.index < done || secrecyOf(name) !== 'yes') continue;
    const from = match.index + head.length;
    const end = endOfBlock(text, from, indent.length);
    if (end === from) continue;
    shown.push(text.slice(done, from), `${' '.repeat(indent.length + 2)}${REDACTED}\n`);
    done = Math.min(end, text.length);
  }
  shown.push(text.slice(done));
  return shown.join('');
}

/** Behind its last line that is indented further; the empty ones before that belong to it. */
function endOfBlock(text: string, from: number, indent: number): number {
  let end = from;
  for (let at = from; at < text.length;) {
    const line = lineAt(text, at);
    const isEmpty = line.trim() === '';
    if (!isEmpty && line.length - line.trimStart().length <= indent) break;
    at += line.length + 1;
    if (!isEmpty) end = at;
  }
  return end;
}

function lineAt(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return text.slice(from, end < 0 ? text.length : end);
}

/** Characters at the end that belong to the sentence or the list around an unquoted value. */
function trailing(value: string): number {
  return /^[bruf]{0,2}["'\\]/u.test(value) ? 0 : (/[,;)\]}]*$/u.exec(value)?.[0].length ?? 0);
}

/** `Basic authentication failed` tells of no secret. One need not have a digit: `Basic dXNlcjpwYXNz`. */
function redactSignIn(whole: string, scheme: string, value: string): string {
  const isText = value.split(/[-+/._~]/u).every((part) => WORD.test(part));
  return isText ? whole : `${scheme}${REDACTED}`;
}

function redactUser(_whole: string, scheme: string, user: string, password: string | undefined): string {
  const isToken = hidesToken(user) || (password === undefined && /^https?:/iu.test(scheme));
  const shown = isToken ? REDACTED : user;
  return `${scheme}${shown}${password === undefined ? '' : `:${REDACTED}`}@`;
}

function isSecretAfter(before: string, element: string, argv: readonly string[]): boolean {
  if (before === '-p') return argv.some((word) => /(?:^|\/)sshpass$/u.test(word));
  return argv.includes('login') && /^[0-9a-f]{40}$/u.test(element);
}

function isSecret(name: string, value: string): boolean {
  const secrecy = secrecyOf(name);
  return secrecy === 'yes' || (secrecy === 'perhaps' && hidesToken(value));
}

/** `Array.isArray` makes `any[]` of a list that is read-only. */
function isJsonList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Words with a number are no secret, letters and digits in turn are one: `not_set_in_layer_2`, `9f86d081884c7d65`. */
function isRandom(value: string): boolean {
  return hidesToken(value) && (value.match(/[A-Za-z]\d|\d[A-Za-z]/gu) ?? []).length >= 3;
}

/** `pad_token=<pad>` is a word of a vocabulary; what opens doors is long and mixes letters with digits. */
function hidesToken(value: string): boolean {
  return value.length >= 12 && /\d/u.test(value) && /[A-Za-z]/u.test(value);
}
