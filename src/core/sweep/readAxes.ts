import type { ParameterNames } from './parameterNames';
import { leavesOf, readValue, type Leaf } from './readValue';
import type { Axis } from './sweep';
import type { ParameterValue } from './value';
import type { ProblemList } from './yaml/problemList';
import { kindText, type YamlMap, type YamlNode } from './yaml/yamlNode';

/** Reads `grid:`: one axis per parameter. Parameters with problems are left out. */
export function readGrid(map: YamlMap, names: ParameterNames, problems: ProblemList): Axis[] {
  const axes: Axis[] = [];
  for (const leaf of leavesOf(map)) {
    if (!names.take(leaf.name, 'grid', leaf.keySpan)) continue;
    const values = readValues(leaf, problems);
    if (values) axes.push({ names: [leaf.name], columns: [values], range: problems.rangeOf(leaf.keySpan) });
  }
  return axes;
}

/** Reads `paired:`: one axis per list item. The names of groups are labels only. */
export function readPaired(node: YamlNode, names: ParameterNames, problems: ProblemList): Axis[] {
  if (node.kind !== 'list') {
    const hint = 'Write each group as a list item: `- name: { a: [1, 2], b: [3, 4] }`.';
    problems.error(
      'not-a-list',
      node,
      `\`paired\` must be a list of groups, but is ${kindText(node)}.`,
      hint,
    );
    return [];
  }
  return node.items.map((item, index) => readItem(item, index, names, problems)).filter((axis) => !!axis);
}

function readItem(
  item: YamlNode,
  index: number,
  names: ParameterNames,
  problems: ProblemList,
): Axis | undefined {
  const leaves = itemLeaves(item, index, problems);
  if (!leaves) return undefined;
  const kept = leaves.filter((leaf) => names.take(leaf.name, 'paired', leaf.keySpan));
  const columns = kept.map((leaf) => readValues(leaf, problems));
  if (kept.length < leaves.length || kept.length === 0) return undefined;
  const whole = columns.filter((column) => column !== undefined);
  if (whole.length < columns.length || !sameLength(whole, kept, item, problems)) return undefined;
  return { names: kept.map((leaf) => leaf.name), columns: whole, range: problems.rangeOf(item) };
}

/** The parameters of all groups of one item; they are zipped together. */
function itemLeaves(item: YamlNode, index: number, problems: ProblemList): Leaf[] | undefined {
  if (item.kind !== 'map') {
    const message = `Paired group ${index} must be a map, but is ${kindText(item)}.`;
    problems.error('not-a-map', item, message, 'Write `- name: { a: [1, 2], b: [3, 4] }`.');
    return undefined;
  }
  const leaves: Leaf[] = [];
  for (const { key, keySpan, value } of item.entries) {
    if (value.kind === 'map') leaves.push(...leavesOf(value));
    else {
      const message = `Paired group ${index}: \`${key}\` must hold parameters, but is ${kindText(value)}.`;
      const hint = `A group needs a name: \`- name: { ${key}: […], … }\`.`;
      problems.error('group-without-name', keySpan, message, hint);
      return undefined;
    }
  }
  if (leaves.length > 0) return leaves;
  problems.error('empty-group', item, `Paired group ${index} cannot be empty.`);
  return undefined;
}

function sameLength(
  columns: readonly (readonly ParameterValue[])[],
  leaves: readonly Leaf[],
  item: YamlNode,
  problems: ProblemList,
): boolean {
  const lengths = columns.map((column) => column.length);
  if (new Set(lengths).size <= 1) return true;
  const found = leaves.map((leaf, index) => `\`${leaf.name}\` has ${String(lengths[index])}`).join(', ');
  const message = `All parameters of a paired group need equally many values, but ${found}.`;
  problems.error('unequal-lengths', item, message);
  return false;
}

/** The list of values of a parameter. A single value is refused: a text is never taken apart into letters. */
function readValues({ name, node }: Leaf, problems: ProblemList): readonly ParameterValue[] | undefined {
  if (node.kind !== 'list') {
    const hint =
      node.kind === 'scalar' && node.text !== ''
        ? `Write \`${name}: [${node.text}]\`, or move it to \`defaults\`.`
        : undefined;
    problems.error(
      'not-a-list',
      node,
      `\`${name}\` must be a list of values, but is ${kindText(node)}.`,
      hint,
    );
    return undefined;
  }
  if (node.items.length > 0) return node.items.map((item) => readValue(item, problems));
  problems.error('empty-list', node, `\`${name}\` has no values, so that no task would be left.`);
  return undefined;
}
