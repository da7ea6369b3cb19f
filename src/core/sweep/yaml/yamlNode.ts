/** A stretch of a text, as offsets; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A value of a YAML file. Aliases are followed: the same node may be met in several places. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar extends Span {
  readonly kind: 'scalar';
  readonly text: string;
  /** Written without quotes and not as a block, so that its text may mean a number, a truth value or nothing. */
  readonly plain: boolean;
  /** e.g. `tag:yaml.org,2002:float`, when one is written. */
  readonly tag?: string;
}

export interface YamlList extends Span {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Span {
  readonly kind: 'map';
  /** In the order of the file; no key twice. */
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: string;
  /** Where the key is written. */
  readonly keySpan: Span;
  readonly value: YamlNode;
}

/** Whether nothing is written there: an empty value, `null` or `~`. */
export function isNothing(node: YamlNode): boolean {
  return (
    node.kind === 'scalar' && node.plain && node.tag === undefined && /^(~|null|Null|NULL)?$/.test(node.text)
  );
}

/** The entry of `key` in a map. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** What a node is, for messages. */
export function kindText(node: YamlNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  return isNothing(node) ? 'empty' : `the single value \`${excerpt(node.text)}\``;
}

/** The text, cut for a message. */
export function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
