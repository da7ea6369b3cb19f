import { redactParameter } from './redact';
import { formatStatement, type SharedParameter, type Statement } from './sharedParameters';

/** Claimed only when chance would do it less often than this. */
const MOST_CHANCE = 0.01;
/** And when at most this share of the others has it too: else it would explain little. */
const MOST_OTHERS = 0.5;
/** Two statements together are told when at most this share of the others is left that the better one of them leaves. */
const CLEARLY_FEWER = 0.25;
/** And when they are so much less likely by chance. */
const CLEARLY_LESS_LIKELY = 0.001;

/** Of how many tasks statements are true. `StatementCounts` is one. */
export interface Counts {
  /** All tasks that are compared, the group's among them. */
  readonly total: number;
  having(first: Statement, second?: Statement): number;
}

/**
 * Those statements that are worth telling, the least likely by chance first, one for each parameter; two in one where they
 * tell the group from the others together, and neither does so alone. None when chance would explain them.
 *
 * @param candidates - what is true of all tasks of the group
 * @param counts - of all tasks that have ended
 * @param groupTotal - tasks of the group
 */
export function judgeShared(
  candidates: readonly Statement[],
  counts: Counts,
  groupTotal: number,
): SharedParameter[] {
  const { total } = counts;
  // What is true of all tasks was not tested: it could not have come out.
  const tested = candidates.filter((candidate) => counts.having(candidate) < total);
  const alone = tested.map((candidate) => {
    const having = counts.having(candidate);
    return claim(candidate, having, allByChance(groupTotal, having, total) * tested.length);
  });
  const told = strongestPerName(alone.filter(isTold).sort((a, b) => a.chance - b.chance));
  const together = told.some(isExact) ? undefined : bestPair(tested);
  return withPair(told, together).flatMap(withoutSecret);

  function claim(statement: Statement, having: number, chance: number, and?: Statement): SharedParameter {
    const others = having - groupTotal;
    const both = { ...statement, ...(and && { and }) };
    return {
      ...both,
      text: textOf(both),
      others,
      othersTotal: total - groupTotal,
      chance: Math.min(1, chance),
    };
  }

  function bestPair(statements: readonly Statement[]): SharedParameter | undefined {
    const pairs = statements.flatMap((first, index) =>
      statements
        .slice(index + 1)
        .filter((second) => nameOf(second) !== nameOf(first))
        .map((second) => ({ first, second, having: counts.having(first, second) })),
    );
    const best = pairs.reduce<(typeof pairs)[number] | undefined>(
      (least, pair) => (least && least.having <= pair.having ? least : pair),
      undefined,
    );
    if (!best) return undefined;
    const own = twiceByChance(allByChance(groupTotal, best.having, total));
    const pair = claim(best.first, best.having, own * (statements.length + pairs.length), best.second);
    return isTold(pair) ? pair : undefined;
  }
}

function isTold({ chance, others, othersTotal }: SharedParameter): boolean {
  return chance < MOST_CHANCE && others <= MOST_OTHERS * othersTotal;
}

function isExact({ others }: SharedParameter): boolean {
  return others === 0;
}

/** Of what is told alone, the parts of the pair go, and all where the pair leaves nothing to explain. */
function withPair(
  told: readonly SharedParameter[],
  pair: SharedParameter | undefined,
): readonly SharedParameter[] {
  if (!pair) return told;
  if (isExact(pair)) return [pair];
  const fewest = Math.min(pair.othersTotal, ...told.map(({ others }) => others));
  const least = Math.min(1, ...told.map(({ chance }) => chance));
  const isBetter = pair.others <= CLEARLY_FEWER * fewest && pair.chance <= CLEARLY_LESS_LIKELY * least;
  if (!isBetter) return told;
  const names = new Set([pair, ...(pair.and ? [pair.and] : [])].map(nameOf));
  return [pair, ...told.filter((single) => !names.has(nameOf(single)))];
}

/** That tasks share a password may be told, but not which, nor in which range it lies. */
function withoutSecret(shared: SharedParameter): SharedParameter[] {
  const parts = [shared, ...(shared.and ? [shared.and] : [])];
  if (parts.every((part) => !isSecret(part))) return [shared];
  if (parts.some((part) => isSecret(part) && part.relation !== '=')) return [];
  const { and } = shared;
  const shown = {
    ...shared,
    value: shownValue(shared),
    ...(and && { and: { ...and, value: shownValue(and) } }),
  };
  return [{ ...shown, text: textOf(shown) }];
}

function shownValue({ name, value }: Statement): Statement['value'] {
  return redactParameter(name, value);
}

function isSecret(statement: Statement): boolean {
  const { relation, value } = statement;
  return relation !== 'on' && JSON.stringify(shownValue(statement)) !== JSON.stringify(value);
}

/** A parameter may be called `source` too. */
function nameOf({ name, relation }: Statement): string {
  return `${relation === 'on' ? 'on' : 'has'} ${name}`;
}

function textOf({ and, ...first }: Statement & { readonly and?: Statement }): string {
  if (!and) return formatStatement(first);
  return `${formatStatement(first)}${and.relation === 'on' ? ' ' : ' and '}${formatStatement(and)}`;
}

/** The sort is stable and one value stands before ranges, so that `= 256` is told and not `≥ 256`. */
function strongestPerName(sorted: readonly SharedParameter[]): SharedParameter[] {
  const names = new Set<string>();
  return sorted.filter((shared) => !names.has(nameOf(shared)) && names.add(nameOf(shared)));
}

/**
 * Probability that `drawn` tasks, drawn at random from `total` of which `having` have a property, all have it:
 * C(having, drawn) / C(total, drawn), the tail of the hypergeometric distribution in Fisher's exact test.
 *
 * @see https://en.wikipedia.org/wiki/Hypergeometric_distribution
 */
export function allByChance(drawn: number, having: number, total: number): number {
  let probability = 1;
  for (let index = 0; index < drawn && probability > 0; index += 1) {
    probability *= (having - index) / (total - index);
  }
  return Math.max(0, probability);
}

/**
 * The same for two properties that were both fitted to the group, as the bounds of two ranges are: the product of two
 * probabilities is small more often than each of them (Fisher's method for two).
 *
 * @see https://en.wikipedia.org/wiki/Fisher%27s_method
 */
function twiceByChance(product: number): number {
  return product === 0 ? 0 : product * (1 - Math.log(product));
}
