import type { ParameterNames } from './parameterNames';
import type { Distribution } from './random';
import { leavesOf, readValue, type Leaf } from './readValue';
import type { RandomBlock } from './sweep';
import { isNumber, type ParameterValue } from './value';
import type { Fields } from './yaml/fields';
import type { ProblemList } from './yaml/problemList';
import { readScalar } from './yaml/scalar';
import { suggest } from './yaml/suggest';
import { kindText, type YamlMap, type YamlNode } from './yaml/yamlNode';

type Kind = Distribution['kind'];

const KINDS: readonly Kind[] = ['uniform', 'log_uniform', 'int', 'normal', 'choice'];
const KIND_HINT =
  'Write `{ uniform: [low, high] }`, `{ log_uniform: [low, high] }`, `{ int: [low, high] }`, `{ normal: [mean, deviation] }` or `{ choice: [a, b] }`.';
/** More is a mistake: draws are compared with each other to drop equal ones. */
const MAX_SAMPLES = 1_000_000;

/** Reads `random:`. */
export function readRandom(fields: Fields, names: ParameterNames): RandomBlock | undefined {
  const { map, problems } = fields;
  const samples = fields.integer('samples', { min: 1, max: MAX_SAMPLES });
  const seed = fields.integer('seed') ?? 0;
  const parameters = fields.mapNode('parameters');
  const hasSamples = fields.node('samples') !== undefined;
  fields.reportUnknown(parameters ? [] : ['random.parameters']);
  if (!hasSamples)
    problems.error(
      'missing-samples',
      map,
      '`random` needs `samples`, the number of draws.',
      'Add `samples: 20`.',
    );
  if (!parameters) {
    if (!fields.node('parameters'))
      problems.error('missing-parameters', map, '`random` needs `parameters`, the values to draw.');
    return undefined;
  }
  const distributions = readDistributions(parameters, names, problems);
  if (samples === undefined || distributions.size === 0) return undefined;
  return { samples, seed, distributions, range: problems.rangeOf(map) };
}

function readDistributions(
  map: YamlMap,
  names: ParameterNames,
  problems: ProblemList,
): Map<string, Distribution> {
  const distributions = new Map<string, Distribution>();
  const leaves = leavesOf(map, (nested) => kindOf(nested) !== undefined);
  if (leaves.length === 0) problems.error('empty-map', map, '`random.parameters` names no parameter.');
  for (const leaf of leaves) {
    if (!names.take(leaf.name, 'random', leaf.keySpan)) continue;
    const distribution = readDistribution(leaf, problems);
    if (distribution) distributions.set(leaf.name, distribution);
  }
  return distributions;
}

function readDistribution({ name, node }: Leaf, problems: ProblemList): Distribution | undefined {
  const kind = node.kind === 'map' ? kindOf(node) : undefined;
  const value = node.kind === 'map' ? node.entries[0]?.value : undefined;
  if (kind === undefined || !value) {
    const near = suggest(name, KINDS);
    const message = `\`${name}\` needs a distribution, but is ${kindText(node)}.`;
    problems.error('not-a-distribution', node, message, near ? `Did you mean \`${near}\`?` : KIND_HINT);
    return undefined;
  }
  return kind === 'choice' ? readChoice(name, value, problems) : readRange(name, kind, value, problems);
}

function kindOf({ entries }: YamlMap): Kind | undefined {
  return entries.length === 1 ? KINDS.find((kind) => kind === entries[0]?.key) : undefined;
}

function readChoice(name: string, node: YamlNode, problems: ProblemList): Distribution | undefined {
  if (node.kind === 'list' && node.items.length > 0)
    return { kind: 'choice', values: node.items.map((item): ParameterValue => readValue(item, problems)) };
  const code = node.kind === 'list' ? 'empty-list' : 'not-a-list';
  problems.error(code, node, `\`${name}.choice\` must be a list of values, but is ${listText(node)}.`);
  return undefined;
}

function readRange(
  name: string,
  kind: Exclude<Kind, 'choice'>,
  node: YamlNode,
  problems: ProblemList,
): Distribution | undefined {
  const [first, second] = twoNumbers(node);
  if (first === undefined || second === undefined) {
    problems.error('bad-range', node, `\`${name}.${kind}\` must be a list of two numbers.`, KIND_HINT);
    return undefined;
  }
  const wrong = rangeProblem(kind, first, second);
  if (wrong !== undefined) {
    problems.error('bad-range', node, `\`${name}.${kind}\`: ${wrong}.`);
    return undefined;
  }
  return kind === 'normal' ? { kind, mean: first, deviation: second } : { kind, low: first, high: second };
}

function rangeProblem(kind: Exclude<Kind, 'choice'>, first: number, second: number): string | undefined {
  if (kind === 'normal') return second > 0 ? undefined : 'the deviation must be above zero';
  if (kind === 'int' && !(Number.isSafeInteger(first) && Number.isSafeInteger(second)))
    return 'both bounds must be whole numbers';
  if (kind === 'log_uniform' && first <= 0) return 'the lower bound must be above zero';
  if (!Number.isFinite(second - first)) return 'the bounds are too far apart';
  return first < second ? undefined : 'the first bound must be below the second';
}

function twoNumbers(node: YamlNode): readonly (number | undefined)[] {
  if (node.kind !== 'list' || node.items.length !== 2) return [];
  return node.items.map((item) => {
    const value = item.kind === 'scalar' ? readScalar(item).value : null;
    return isNumber(value) && Number.isFinite(value.number) ? value.number : undefined;
  });
}

function listText(node: YamlNode): string {
  return node.kind === 'list' ? 'empty' : kindText(node);
}
