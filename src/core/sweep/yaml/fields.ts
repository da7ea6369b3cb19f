import type { JsonValue } from '../value';
import type { ProblemList } from './problemList';
import { readScalar } from './scalar';
import { suggest } from './suggest';
import { entryOf, isNothing, kindText, type YamlEntry, type YamlMap, type YamlNode } from './yamlNode';

/** Bounds of a number, both allowed. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/**
 * Reads the fields of a map that has a fixed set of keys. What is asked for is known; `reportUnknown` reports the
 * rest. Every reader answers undefined for an absent or empty field, and for a bad one after reporting it.
 */
export class Fields {
  private readonly asked = new Set<string>();

  /** @param path - dotted path of the map, empty at the top of the file */
  constructor(
    readonly map: YamlMap,
    readonly path: string,
    readonly problems: ProblemList,
  ) {}

  /** The entry of a key, also when it is empty. */
  entry(key: string): YamlEntry | undefined {
    this.asked.add(key);
    return entryOf(this.map, key);
  }

  node(key: string): YamlNode | undefined {
    const value = this.entry(key)?.value;
    return value && !isNothing(value) ? value : undefined;
  }

  mapNode(key: string): YamlMap | undefined {
    const node = this.node(key);
    if (!node || node.kind === 'map') return node;
    this.bad(key, node, 'a map');
    return undefined;
  }

  /** The fields of a nested map. */
  fields(key: string): Fields | undefined {
    const map = this.mapNode(key);
    return map && new Fields(map, this.pathOf(key), this.problems);
  }

  /** A text; also a number, a truth value or the like, as it is written. */
  text(key: string): string | undefined {
    const node = this.node(key);
    return node && this.scalarText(key, node, 'a text');
  }

  texts(key: string): readonly string[] | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    if (node.kind === 'list') return this.itemTexts(key, node.items);
    this.bad(key, node, 'a list', node.kind === 'scalar' ? `Write \`[${node.text}]\`.` : undefined);
    return undefined;
  }

  /** Names with texts, e.g. environment variables. */
  textMap(key: string): Readonly<Record<string, string>> | undefined {
    const map = this.mapNode(key);
    if (!map) return undefined;
    const texts = map.entries.map(({ key: name, value }): [string, string] => {
      if (isNothing(value)) return [name, ''];
      return [name, this.scalarText(`${key}.${name}`, value, 'a text') ?? ''];
    });
    return Object.fromEntries(texts);
  }

  flag(key: string): boolean | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    const value = node.kind === 'scalar' ? readScalar(node).value : undefined;
    if (typeof value === 'boolean') return value;
    this.bad(key, node, '`true` or `false`');
    return undefined;
  }

  integer(key: string, bounds: Bounds = {}): number | undefined {
    const node = this.node(key);
    return node && this.integerOf(key, node, bounds);
  }

  integers(key: string, bounds: Bounds = {}): readonly number[] | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    if (node.kind === 'list')
      return node.items
        .map((item, index) => this.integerOf(`${key}[${index}]`, item, bounds))
        .filter((item) => item !== undefined);
    this.bad(
      key,
      node,
      'a list of whole numbers',
      node.kind === 'scalar' ? `Write \`[${node.text}]\`.` : undefined,
    );
    return undefined;
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const node = this.node(key);
    if (!node) return undefined;
    const text = node.kind === 'scalar' ? node.text : undefined;
    const found = choices.find((choice) => choice === text);
    if (found) return found;
    const near = text === undefined ? undefined : suggest(text, choices);
    this.bad(
      key,
      node,
      choices.map((choice) => `\`${choice}\``).join(' or '),
      near && `Did you mean \`${near}\`?`,
    );
    return undefined;
  }

  /** Reports a value that is not what it should be. */
  bad(key: string, node: YamlNode, expected: string, hint?: string): void {
    const code = expected.startsWith('a list')
      ? 'not-a-list'
      : expected === 'a map'
        ? 'not-a-map'
        : 'bad-value';
    this.problems.error(
      code,
      node,
      `\`${this.pathOf(key)}\` must be ${expected}, but is ${kindText(node)}.`,
      hint,
    );
  }

  /** Reports keys that nobody asked for, with the known key that was probably meant: here, or one of `elsewhere`. */
  reportUnknown(elsewhere: readonly string[] = []): void {
    const here = [...this.asked].map((key) => this.pathOf(key));
    for (const { key, keySpan } of this.map.entries) {
      if (this.asked.has(key)) continue;
      const path = this.pathOf(key);
      const meant = suggest(path, [...here, ...elsewhere]);
      const hint = meant && `Did you mean \`${meant}\`?`;
      this.problems.warning(
        'unknown-key',
        keySpan,
        `\`${path}\` is not a known key, so it is ignored.`,
        hint,
      );
    }
  }

  pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  private itemTexts(key: string, items: readonly YamlNode[]): string[] {
    const texts = items.map((item, index) => this.scalarText(`${key}[${index}]`, item, 'a text'));
    return texts.filter((text) => text !== undefined);
  }

  private scalarText(key: string, node: YamlNode, expected: string): string | undefined {
    if (node.kind !== 'scalar' || isNothing(node)) this.bad(key, node, expected, bracesHint(node));
    else if (isUnpassable(node.text)) this.problems.error('unpassable-text', node, UNPASSABLE_MESSAGE);
    else return node.text;
    return undefined;
  }

  private integerOf(
    key: string,
    node: YamlNode,
    { min = -Infinity, max = Infinity }: Bounds,
  ): number | undefined {
    const value = node.kind === 'scalar' ? readScalar(node).value : undefined;
    const number = typeof value === 'object' && value !== null ? value.number : NaN;
    if (Number.isSafeInteger(number) && number >= min && number <= max) return number;
    this.bad(key, node, `a whole number${boundsText(min, max)}`);
    return undefined;
  }
}

/** Whether a text holds what no argument or variable of a program can: NUL, or half of a surrogate pair. */
export function isUnpassable(text: string): boolean {
  return /\0|\p{Surrogate}/u.test(text);
}

export const UNPASSABLE_MESSAGE =
  'This text has a character that cannot be passed to a program: NUL, or half of a surrogate pair.';

/** Any YAML as plain JSON. */
export function nodeToJson(node: YamlNode): JsonValue {
  if (node.kind === 'list') return node.items.map(nodeToJson);
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, nodeToJson(value)]));
  const { value } = readScalar(node);
  if (typeof value !== 'object' || value === null) return value;
  return Number.isFinite(value.number) ? value.number : value.text;
}

/** `{name}` without quotes is a map in YAML; most often a placeholder is meant. */
function bracesHint(node: YamlNode): string | undefined {
  const entry = node.kind === 'map' && node.entries.length === 1 ? node.entries[0] : undefined;
  return entry && isNothing(entry.value) ? `Put it in quotes: \`"{${entry.key}}"\`.` : undefined;
}

function boundsText(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`;
  if (min > -Infinity) return ` of at least ${min}`;
  return max < Infinity ? ` of at most ${max}` : '';
}
