import { isMap, isScalar, parseDocument, stringify, type Document, type YAMLMap } from 'yaml';
import type { JsonValue } from '../sweep/value';

/** Fields of sources by name, as a configuration file writes them. */
export type NewSources = Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;

/**
 * A configuration file with sources added behind those that are there. The text around them stays as the user wrote it,
 * to the byte, where its sources are written in block style; else it is laid out anew, with its comments and its order.
 *
 * @param text - a file that can be parsed, and whose `sources` is a map, or nothing
 */
export function insertSources(text: string, added: NewSources): string {
  const document = parseDocument(text);
  const wanted = { ...plainSources(document), ...added };
  const inserted = insertText(text, document, added);
  if (inserted !== undefined && hasSources(inserted, document, wanted)) return inserted;
  return rewrite(document, added);
}

/** Undefined when there is no list of sources in block style to go on with. */
function insertText(text: string, document: Document, added: NewSources): string | undefined {
  const sources = document.get('sources', true);
  if (sources === undefined && (document.contents === null || isBlockMap(document.contents))) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    return `${text}${gap}${inLinesOf(text, stringify({ sources: added }, LAYOUT))}`;
  }
  if (!isBlockMap(sources)) return undefined;
  const last = sources.items.at(-1);
  const keyStart = rangeOf(last?.key)?.[0];
  const valueEnd = rangeOf(last?.value)?.[1];
  if (keyStart === undefined || valueEnd === undefined) return undefined;
  const at = endOfLine(text, valueEnd);
  const before = text.slice(0, at);
  const indent = ' '.repeat(keyStart - (text.lastIndexOf('\n', keyStart - 1) + 1));
  const block = stringify(added, LAYOUT).replace(/^(?=.)/gmu, indent);
  return `${before}${before.endsWith('\n') ? '' : '\n'}${inLinesOf(text, block)}${text.slice(at)}`;
}

const LAYOUT = { lineWidth: 0 } as const;

function isBlockMap(node: unknown): node is YAMLMap {
  return isMap(node) && node.flow !== true;
}

function rangeOf(node: unknown): readonly number[] | undefined {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) ? (range as number[]) : undefined;
}

/** A text in block style ends with its line feed already. */
function endOfLine(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

function inLinesOf(text: string, block: string): string {
  return text.includes('\r\n') ? block.replaceAll('\n', '\r\n') : block;
}

/** Whether an edited text says what it should: the new sources, and everything else as it was. */
function hasSources(text: string, before: Document, wanted: object): boolean {
  const after = parseDocument(text);
  if (after.errors.length > 0) return false;
  const rest: unknown = before.toJS() ?? {};
  const whole: unknown = after.toJS();
  return JSON.stringify(whole) === JSON.stringify({ ...(rest as object), sources: wanted });
}

function plainSources(document: Document): object {
  const whole: unknown = document.toJS();
  const sources = typeof whole === 'object' && whole !== null && 'sources' in whole ? whole.sources : {};
  return typeof sources === 'object' && sources !== null ? sources : {};
}

function rewrite(document: Document, added: NewSources): string {
  const sources = document.get('sources', true);
  // `sources:` with nothing behind it is no map that could be added to.
  if (isScalar(sources)) document.set('sources', document.createNode({}));
  for (const [name, fields] of Object.entries(added)) document.setIn(['sources', name], fields);
  const map = document.get('sources', true);
  if (isMap(map) && map.items.length === Object.keys(added).length) map.flow = false;
  return document.toString(LAYOUT);
}
