import type { JsonValue } from '../sweep/value';

/** A statement about a task: a value of one of its parameters, or the source that it ran on. */
export interface Statement {
  /** Dotted name of the parameter; `source` with the relation `on`. */
  readonly name: string;
  /** `=`: one value; `>=` and `<=`: a range of numbers; `on`: a source or a machine. */
  readonly relation: '=' | '>=' | '<=' | 'on';
  /** Of a secret, by its name or its look: `[redacted]`. */
  readonly value: JsonValue;
}

/** A statement that is true of all tasks of a group and not of most others. */
export interface SharedParameter extends Statement {
  /** What is true of them too, where it takes both. */
  readonly and?: Statement;
  /** As people read it: `batch_size = 256`, `lr ≥ 0.1`, `model = big and batch_size = 256`, `on gpubox`. */
  readonly text: string;
  /** Other tasks of which it is true too, and all others. */
  readonly others: number;
  readonly othersTotal: number;
  /** The others are those that ended or, where more is not known of machines, those that failed. Default: `ended`. */
  readonly among?: 'ended' | 'failed';
  /**
   * Probability that as many tasks, chosen at random among them, would all have it: one-sided Fisher's exact test, times
   * the number of statements that were tested (Bonferroni).
   */
  readonly chance: number;
}

export type Parameters = Readonly<Record<string, JsonValue>>;

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
  private readonly sources = new Set<string | undefined>();
  private total = 0;

  /** @param source - that the task ran on */
  add(parameters: Parameters, source?: string): void {
    this.total += 1;
    this.sources.add(source);
    for (const [name, value] of Object.entries(parameters)) {
      const span = this.spans.get(name);
      if (span) extend(span, value);
      else this.spans.set(name, newSpan(value));
    }
  }

  /** Statements that are true of all tasks that were added; empty for so few that it would say nothing. */
  candidates(): Statement[] {
    if (this.total < FEWEST_TASKS) return [];
    const [source] = this.sources;
    const isOnOne = this.sources.size === 1 && source !== undefined;
    return [
      ...[...this.spans].flatMap(([name, span]) =>
        span.count === this.total ? candidatesOf(name, span) : [],
      ),
      ...(isOnOne ? [{ name: 'source', relation: 'on', value: source } as const] : []),
    ];
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

function candidatesOf(name: string, { same, first, low, high }: Span): Statement[] {
  const ranges: Statement[] =
    low === undefined
      ? []
      : [
          { name, relation: '>=', value: low },
          { name, relation: '<=', value: high },
        ];
  return same ? [{ name, relation: '=', value: first }, ...ranges] : ranges;
}

/** Whether a statement is true of a task with this value of its parameter; of one that has none it is not. */
export function isTrueOf({ relation, value }: Statement): (own: JsonValue | undefined) => boolean {
  if (relation === '>=') return (own) => typeof own === 'number' && own >= Number(value);
  if (relation === '<=') return (own) => typeof own === 'number' && own <= Number(value);
  return (own) => own === value || (own !== undefined && isSameJson(own, value));
}

/** Of lists and maps; plain values are compared as they are, which is what most checks do. */
function isSameJson(a: JsonValue, b: JsonValue): boolean {
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}

const SIGNS = { '=': '=', '>=': '≥', '<=': '≤' } as const;

/** As people read it: `batch_size = 256`, `on gpubox`. */
export function formatStatement({ name, relation, value }: Statement): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return relation === 'on' ? `on ${text}` : `${name} ${SIGNS[relation]} ${text}`;
}
