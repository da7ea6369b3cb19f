import type { ParameterValue } from './value';
import { isUnpassable, UNPASSABLE_MESSAGE } from './yaml/fields';
import type { ProblemList } from './yaml/problemList';
import { readScalar } from './yaml/scalar';
import { excerpt, type Span, type YamlMap, type YamlNode, type YamlScalar } from './yaml/yamlNode';

/** A parameter that a block sets, with what is written for it. */
export interface Leaf {
  /** Dotted. */
  readonly name: string;
  readonly keySpan: Span;
  readonly node: YamlNode;
}

/** Reads a value, and warns of scalars that other readers of YAML take for something else. */
export function readValue(node: YamlNode, problems: ProblemList): ParameterValue {
  if (node.kind === 'list') return node.items.map((item) => readValue(item, problems));
  if (node.kind === 'map')
    return new Map(node.entries.map(({ key, value }) => [key, readValue(value, problems)]));
  return readScalarValue(node, problems);
}

/**
 * Nested maps as dotted names, depth first, in the order of the file. A map that `isLeaf` knows is not gone into; an
 * empty one is a leaf.
 */
export function leavesOf(map: YamlMap, isLeaf: (map: YamlMap) => boolean = () => false): Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (current: YamlMap, prefix: string): void => {
    for (const { key, keySpan, value } of current.entries) {
      const name = prefix + key;
      if (value.kind === 'map' && value.entries.length > 0 && !isLeaf(value)) walk(value, `${name}.`);
      else leaves.push({ name, keySpan, node: value });
    }
  };
  walk(map, '');
  return leaves;
}

function readScalarValue(node: YamlScalar, problems: ProblemList): ParameterValue {
  const { value, ambiguity } = readScalar(node);
  if (typeof value === 'string' && isUnpassable(value))
    problems.error('unpassable-text', node, UNPASSABLE_MESSAGE);
  if (ambiguity !== undefined) {
    const message = `\`${excerpt(node.text)}\` is read as ${ambiguity}.`;
    const hint =
      typeof value === 'string' ? 'Put it in quotes.' : 'Put it in quotes, or write the value plainly.';
    problems.warning('ambiguous-scalar', node, message, hint);
  }
  return value;
}
