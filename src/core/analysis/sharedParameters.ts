import type { JsonValue } from '../sweep/value';
import { redactParameter } from './redact';

/** A statement about parameters that is true of all tasks of a group and not of most others. */
export interface SharedParameter {
  /** Dotted name. */
  readonly name: string;
  /** `=`: one value; `>=` and `<=`: a range of numbers. */
  readonly relation: '=' | '>=' | '<=';
  /** Of a secret, by its name or its look: `[redacted]`. */
  readonly value: JsonValue;
  /** As people read it: `batch_size = 256`, `lr ≥ 0.1`. */
  readonly text: string;
  /** Other ended tasks of which it is true too, and all other ended tasks. */
  readonly others: number;
  readonly othersTotal: number;
  /**
   * Probability that as many ended tasks, chosen at random, would all have it: one-sided Fisher's exact test, times
   * the number of statements that were tested (Bonferroni).
   */
  readonly chance: number;
}

type Parameters = Readonly<Record<string, JsonValue>>;

/** A statement that is true of a group, before it was compared with the others. */
export interface Candidate {
  readonly name: string;
  readonly relation: SharedParameter['relation'];
  readonly value: JsonValue;
}

/** Claimed only when chance would do it less often than this. */
const MOST_CHANCE = 0.01;
/** And when at most this share of the others has it too: else it would explain little. */
const MOST_OTHERS = 0.5;
/** Fewer tasks than this have something in common by nature. */
const FEWEST_TASKS = 3;

interface Span {
  count: number;
  readonly first: JsonValue;
  readonly firstKey: string;
  same: boolean;
  /** Undefined when a value is no number. */
  low: number | undefined;
  high: number;
}

/** What the tasks of a group have in common. Holds a few numbers for each parameter, however many tasks there are. */
export class GroupProfile {
  private readonly spans = new Map<string, Span>();
  private total = 0;

  add(parameters: Parameters): void {
    this.total += 1;
    for (const [name, value] of Object.entries(parameters)) {
      const span = this.spans.get(name);
      if (span) extend(span, value);
      else this.spans.set(name, newSpan(value));
    }
  }

  /** Statements that are true of all tasks that were added; empty for so few that it would say nothing. */
  candidates(): Candidate[] {
    if (this.total < FEWEST_TASKS) return [];
    return [...this.spans].flatMap(([name, span]) =>
      span.count === this.total ? candidatesOf(name, span) : [],
    );
  }
}

function newSpan(value: JsonValue): Span {
  const isNumber = typeof value === 'number';
  return {
    count: 1,
    first: value,
    firstKey: JSON.stringify(value),
    same: true,
    low: isNumber ? value : undefined,
    high: isNumber ? value : 0,
  };
}

function extend(span: Span, value: JsonValue): void {
  span.count += 1;
  span.same &&= JSON.stringify(value) === span.firstKey;
  if (typeof value !== 'number') span.low = undefined;
  else if (span.low !== undefined) {
    span.low = Math.min(span.low, value);
    span.high = Math.max(span.high, value);
  }
}

function candidatesOf(name: string, { same, first, low, high }: Span): Candidate[] {
  const ranges: Candidate[] =
    low === undefined
      ? []
      : [
          { name, relation: '>=', value: low },
          { name, relation: '<=', value: high },
        ];
  return same ? [{ name, relation: '=', value: first }, ...ranges] : ranges;
}

/** Whether a statement is true of a task. */
export function holds({ name, relation, value }: Candidate, parameters: Parameters): boolean {
  const own = parameters[name];
  if (own === undefined) return false;
  if (relation === '=') return own === value || JSON.stringify(own) === JSON.stringify(value);
  if (typeof own !== 'number' || typeof value !== 'number') return false;
  return relation === '>=' ? own >= value : own <= value;
}

/**
 * Those statements that are worth telling, the least likely by chance first, one for each parameter. None when chance
 * would explain them.
 *
 * @param counted - the group's candidates with the number of ended tasks of which each is true, the group's among them
 * @param groupTotal - tasks of the group
 * @param total - all tasks that have ended
 */
export function judgeCandidates(
  counted: readonly { readonly candidate: Candidate; readonly having: number }[],
  groupTotal: number,
  total: number,
): SharedParameter[] {
  const othersTotal = total - groupTotal;
  // What is true of all tasks was not tested: it could not have come out.
  const tested = counted.filter(({ having }) => having < total);
  const claims = tested.map(({ candidate, having }): SharedParameter => {
    const chance = Math.min(1, allByChance(groupTotal, having, total) * tested.length);
    return { ...candidate, text: textOf(candidate), others: having - groupTotal, othersTotal, chance };
  });
  const found = claims.filter(
    ({ chance, others }) => chance < MOST_CHANCE && others <= MOST_OTHERS * othersTotal,
  );
  return strongestPerName(found.sort((a, b) => a.chance - b.chance)).flatMap(withoutSecret);
}

/** That tasks share a password may be told, but not which, nor in which range it lies. */
function withoutSecret(shared: SharedParameter): SharedParameter[] {
  const { name, relation } = shared;
  const value = redactParameter(name, shared.value);
  if (JSON.stringify(value) === JSON.stringify(shared.value)) return [shared];
  return relation === '=' ? [{ ...shared, value, text: textOf({ name, relation, value }) }] : [];
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

/** The sort is stable and one value stands before ranges, so that `= 256` is told and not `≥ 256`. */
function strongestPerName(sorted: readonly SharedParameter[]): SharedParameter[] {
  const names = new Set<string>();
  return sorted.filter(({ name }) => !names.has(name) && names.add(name));
}

const SIGNS = { '=': '=', '>=': '≥', '<=': '≤' } as const;

function textOf({ name, relation, value }: Candidate): string {
  return `${name} ${SIGNS[relation]} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}
