import { leavesOf, readValue, type Leaf } from './readValue';
import type { Clause } from './sweep';
import type { Parameters, ParameterValue } from './value';
import type { ProblemList } from './yaml/problemList';
import { suggest } from './yaml/suggest';
import { isNothing, kindText, type YamlMap, type YamlNode } from './yaml/yamlNode';

/** Reads an `exclude` or `include` list. */
export function readClauses(node: YamlNode, block: 'exclude' | 'include', problems: ProblemList): Clause[] {
  if (node.kind === 'list')
    return node.items.map((item) => readClause(item, block, problems)).filter((clause) => !!clause);
  const message = `\`${block}\` must be a list of combinations, but is ${kindText(node)}.`;
  problems.error('not-a-list', node, message, `Write \`${block}: [{ name: value }]\`.`);
  return [];
}

/** Warns of names in clauses that nothing else in the file sets: an exclude clause with one matches nothing. */
export function checkClauseNames(
  clauses: readonly Clause[],
  block: 'exclude' | 'include',
  known: readonly string[],
  problems: ProblemList,
): void {
  if (known.length === 0) return;
  const effect = block === 'exclude' ? 'so this matches nothing' : 'only this combination does';
  for (const clause of clauses) {
    for (const name of clause.parameters.keys()) {
      if (known.includes(name)) continue;
      const near = suggest(name, known);
      const message = `No other part of the sweep sets \`${name}\`, ${effect}.`;
      const hint = near && `Did you mean \`${near}\`?`;
      problems.warning('unknown-parameter', clause.range, message, hint);
    }
  }
}

/** Reads fixed parameters: nested maps are dotted names, everything else is the value as it is. */
export function readFixed(leaves: readonly Leaf[], problems: ProblemList): Parameters {
  const parameters = new Map<string, ParameterValue>();
  for (const { name, keySpan, node } of leaves) {
    if (name.split('.').some((part) => part.trim() === ''))
      problems.error('empty-name', keySpan, 'A parameter has no name here.');
    else if (parameters.has(name))
      problems.error('duplicate-name', keySpan, `\`${name}\` is set twice in this map.`, 'Keep one of them.');
    else if (node.kind === 'map')
      problems.warning('empty-map', keySpan, `\`${name}\` is an empty map, so it sets nothing.`);
    else parameters.set(name, readValue(node, problems));
  }
  return parameters;
}

/**
 * Reads `defaults:`. Hydra's relic in files of the Python tool (`[override hydra/launcher: basic]`) sets no parameter
 * there either.
 */
export function readDefaults(node: YamlNode | undefined, problems: ProblemList): Leaf[] {
  if (!node || isNothing(node)) return [];
  if (node.kind === 'list') {
    problems.information(
      'hydra-defaults',
      node,
      'A Hydra defaults list sets no parameters, so it is ignored.',
    );
    return [];
  }
  if (node.kind === 'map') return withoutOverrides(node, problems);
  problems.error(
    'not-a-map',
    node,
    `\`defaults\` must be a map of fixed parameters, but is ${kindText(node)}.`,
  );
  return [];
}

function withoutOverrides(map: YamlMap, problems: ProblemList): Leaf[] {
  const isOverride = (name: string): boolean => /^override(\s|$)/.test(name);
  const relic = map.entries.find((entry) => isOverride(entry.key));
  if (relic) {
    const message = `\`${relic.key}\` belongs to Hydra's defaults list and sets no parameter, so it is ignored.`;
    problems.information('hydra-defaults', relic.keySpan, message);
  }
  return leavesOf(map).filter((leaf) => !isOverride(leaf.name));
}

function readClause(item: YamlNode, block: string, problems: ProblemList): Clause | undefined {
  if (item.kind !== 'map') {
    const message = `Each item of \`${block}\` must be a map of parameters, but this is ${kindText(item)}.`;
    problems.error('not-a-map', item, message, 'Write `- { name: value }`.');
    return undefined;
  }
  const parameters = readFixed(leavesOf(item), problems);
  if (parameters.size > 0) return { parameters, range: problems.rangeOf(item) };
  problems.error('empty-clause', item, `This item of \`${block}\` names no parameter.`);
  return undefined;
}
