import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { ProblemList } from './problemList';
import type { Span, YamlEntry, YamlMap, YamlNode } from './yamlNode';

/** Values that a file may stand for, counting each time that an alias repeats them. */
const MAX_VALUES = 5_000_000;

/**
 * Turns the parser's document into plain nodes with aliases followed and `<<` merged. An anchor is turned once and
 * shared, so that a nest of aliases costs nothing here; its size is counted all the same and refused when absurd.
 */
export function buildTree(document: Document.Parsed, problems: ProblemList): YamlNode | undefined {
  if (!document.contents) return undefined;
  const builder = new TreeBuilder(anchorTargets(document), problems);
  const root = builder.node(document.contents);
  if (builder.sizeOf(root) <= MAX_VALUES) return root;
  const message = 'The aliases (`*name`) in this file stand for more than five million values.';
  problems.error('alias-bomb', { start: 0, end: 0 }, message);
  return undefined;
}

/** Which node each alias means: the last one with that anchor before it. */
function anchorTargets(document: Document.Parsed): Map<Node, Node> {
  const byName = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = byName.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor !== undefined) byName.set(node.anchor, node);
    },
  });
  return targets;
}

class TreeBuilder {
  private readonly built = new Map<Node, YamlNode>();
  private readonly open = new Set<Node>();
  private readonly sizes = new Map<YamlNode, number>();

  constructor(
    private readonly targets: ReadonlyMap<Node, Node>,
    private readonly problems: ProblemList,
  ) {}

  node(node: Node): YamlNode {
    if (isAlias(node)) return this.alias(node, this.targets.get(node));
    const known = this.built.get(node);
    if (known) return known;
    this.open.add(node);
    const result = this.build(node);
    this.open.delete(node);
    if (node.anchor !== undefined) this.built.set(node, result);
    return result;
  }

  /** Values that the node stands for. */
  sizeOf(node: YamlNode): number {
    if (node.kind === 'scalar') return 1;
    const known = this.sizes.get(node);
    if (known !== undefined) return known;
    const children = node.kind === 'list' ? node.items : node.entries.map((entry) => entry.value);
    const size = children.reduce((sum, child) => sum + this.sizeOf(child), 1);
    this.sizes.set(node, size);
    return size;
  }

  private alias(alias: Node, target: Node | undefined): YamlNode {
    if (target && !this.open.has(target)) return this.node(target);
    const at = spanOf(alias);
    if (target) this.problems.error('recursive-alias', at, 'This alias stands for a value that contains it.');
    else
      this.problems.error(
        'unknown-anchor',
        at,
        'No anchor (`&name`) with this name comes before this alias.',
      );
    return empty(at);
  }

  private build(node: Node): YamlNode {
    const span = spanOf(node);
    const tag = node.tag;
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((item) => this.node(item as Node)), ...span };
    if (isMap(node)) return this.map(node, span);
    if (!isScalar(node)) return empty(span);
    const text = typeof node.value === 'string' ? node.value : '';
    return { kind: 'scalar', text, plain: node.type === 'PLAIN', ...(tag !== undefined && { tag }), ...span };
  }

  private map(map: YAMLMap, span: Span): YamlMap {
    const entries = new Map<string, YamlEntry>();
    const merged: YamlEntry[] = [];
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const entry = this.entry(pair);
      if (!entry) continue;
      if (entry.key === '<<' && isPlain(pair.key)) merged.push(...this.mergedEntries(entry));
      else if (entries.has(entry.key))
        this.problems.error('duplicate-key', entry.keySpan, `\`${entry.key}\` is written twice in this map.`);
      else entries.set(entry.key, entry);
    }
    // Keys of the map itself win over merged ones, and earlier merges over later ones.
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    return { kind: 'map', entries: [...entries.values()], ...span };
  }

  private mergedEntries(entry: YamlEntry): readonly YamlEntry[] {
    const { value } = entry;
    if (value.kind === 'map') return value.entries;
    if (value.kind === 'list' && value.items.every((item) => item.kind === 'map'))
      return value.items.flatMap((item) => item.entries);
    this.problems.error('bad-merge', entry.keySpan, '`<<` merges a map or a list of maps.');
    return [];
  }

  private entry({ key, value }: Pair<Node, Node | null>): YamlEntry | undefined {
    const node = isAlias(key) ? this.targets.get(key) : key;
    const keySpan = spanOf(key);
    if (!isScalar(node) || typeof node.value !== 'string') {
      this.problems.error('key-not-text', keySpan, 'A key must be a single text, not a list or a map.');
      return undefined;
    }
    return { key: node.value, keySpan, value: value ? this.node(value) : empty(keySpan) };
  }
}

function isPlain(node: Node): boolean {
  return isScalar(node) && node.type === 'PLAIN';
}

function empty(span: Span): YamlNode {
  return { kind: 'scalar', text: '', plain: true, ...span };
}

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0, 0];
  return { start, end };
}
