import type { JsonValue } from '../sweep/value';

/** A statement about parameters that is true of a group of failed tasks and not of most others. */
export interface SharedParameter {
  /** Dotted name. */
  readonly name: string;
  /** `=`: one value; `>=` and `<=`: a range of numbers. */
  readonly relation: '=' | '>=' | '<=';
  readonly value: JsonValue;
  /** As people read it: `batch_size = 256`, `lr ≥ 0.1`. */
  readonly text: string;
  /** Other ended tasks for which it is also true, and all other ended tasks. */
  readonly others: number;
  readonly othersTotal: number;
  /**
   * Probability that a random choice of as many ended tasks would all have it: one-sided Fisher's exact test, multiplied
   * by the number of statements that were tested (Bonferroni).
   */
  readonly chance: number;
}

/** Claimed only when chance would do it less often than this. */
const MOST_CHANCE = 0.01;
/** And when at most this share of the others has it too: else it would explain little. */
const MOST_OTHERS = 0.5;
/** Of a parameter with more values than this, e.g. a random draw, only ranges are looked at. */
const MOST_VALUES = 1000;

/** How often each value of each parameter occurs. Holds values, not tasks: a million tasks are fine. */
export class ParameterCounts {
  private readonly byName = new Map<string, Map<string, { value: JsonValue; count: number }>>();
  total = 0;

  add(parameters: Readonly<Record<string, JsonValue>>): void {
    this.total += 1;
    for (const [name, value] of Object.entries(parameters)) {
      const values = this.byName.get(name) ?? new Map<string, { value: JsonValue; count: number }>();
      this.byName.set(name, values);
      const key = JSON.stringify(value);
      const known = values.get(key);
      if (known) known.count += 1;
      else values.set(key, { value, count: 1 });
    }
  }

  get names(): readonly string[] {
    return [...this.byName.keys()];
  }

  values(name: string): readonly { readonly value: JsonValue; readonly count: number }[] {
    return [...(this.byName.get(name)?.values() ?? [])];
  }

  countOf(name: string, holds: (value: JsonValue) => boolean): number {
    return this.values(name).reduce((sum, { value, count }) => sum + (holds(value) ? count : 0), 0);
  }
}

interface Candidate {
  readonly name: string;
  readonly relation: SharedParameter['relation'];
  readonly value: JsonValue;
  readonly inAll: number;
}

/**
 * What all tasks of a group have in common that most other ended tasks have not; the least likely by chance first.
 * Nothing when chance would explain it.
 *
 * @param group - parameters of the group's tasks
 * @param all - parameters of all tasks that have ended, those of the group among them
 */
export function findSharedParameters(group: ParameterCounts, all: ParameterCounts): SharedParameter[] {
  const candidates = group.names.flatMap((name) => candidatesOf(name, group, all));
  const othersTotal = all.total - group.total;
  if (group.total === 0 || othersTotal <= 0) return [];
  const claims = candidates.map((candidate): SharedParameter => {
    const { name, relation, value, inAll } = candidate;
    const chance = allByChance(group.total, inAll, all.total) * candidates.length;
    const others = inAll - group.total;
    return { name, relation, value, text: textOf(candidate), others, othersTotal, chance };
  });
  const found = claims.filter(
    ({ chance, others }) => chance < MOST_CHANCE && others <= MOST_OTHERS * othersTotal,
  );
  return strongestPerName(found.sort((a, b) => a.chance - b.chance));
}

/** One value that all have; else, of numbers, the narrowest half-open ranges that hold them all. */
function candidatesOf(name: string, group: ParameterCounts, all: ParameterCounts): Candidate[] {
  const own = group.values(name);
  const everywhere = all.values(name);
  const [only] = own;
  if (everywhere.length < 2 || own.reduce((sum, { count }) => sum + count, 0) !== group.total) return [];
  const candidates: Candidate[] = [];
  if (own.length === 1 && only && everywhere.length <= MOST_VALUES) {
    const key = JSON.stringify(only.value);
    const inAll = all.countOf(name, (value) => JSON.stringify(value) === key);
    candidates.push({ name, relation: '=', value: only.value, inAll });
  }
  const numbers = own.map(({ value }) => value).filter((value) => typeof value === 'number');
  if (numbers.length < own.length || own.length === 1) return candidates;
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  const atLeast = all.countOf(name, (value) => typeof value === 'number' && value >= low);
  const atMost = all.countOf(name, (value) => typeof value === 'number' && value <= high);
  candidates.push({ name, relation: '>=', value: low, inAll: atLeast });
  candidates.push({ name, relation: '<=', value: high, inAll: atMost });
  return candidates;
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

function strongestPerName(sorted: readonly SharedParameter[]): SharedParameter[] {
  const names = new Set<string>();
  return sorted.filter(({ name }) => !names.has(name) && names.add(name));
}

const SIGNS = { '=': '=', '>=': '≥', '<=': '≤' } as const;

function textOf({ name, relation, value }: Candidate): string {
  return `${name} ${SIGNS[relation]} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}
