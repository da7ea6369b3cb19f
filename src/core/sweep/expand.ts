import type { Problem, Severity, TextRange } from './problem';
import { buildProduct, type Product } from './product';
import { axisRows, findRow, randomRows, type Rows } from './rows';
import type { Clause, Sweep } from './sweep';
import type { Parameters, ParameterValue } from './value';
import { parametersKey, valueKey } from './valueKey';

/** All combinations of a sweep, in order, computed when asked for. */
export interface Expansion extends Iterable<Parameters> {
  /** How many there are, without duplicates and excluded ones. */
  readonly count: number;
  /** Every parameter that some combination sets: defaults, grid, paired, random, then names that only `include` has. */
  readonly parameterNames: readonly string[];
  /** What was dropped, and clauses that match nothing. An error when nothing is left or it cannot be counted. */
  readonly notices: readonly Problem[];
  /**
   * The combination of task number `position + 1`. Costs microseconds whatever the size of the sweep.
   *
   * @throws RangeError outside `0 … count - 1`
   */
  at(position: number): Parameters;
}

/** Expands a sweep: counted at once, combinations on demand. */
export function expand(sweep: Sweep): Expansion {
  return new SweepExpansion(sweep);
}

class SweepExpansion implements Expansion {
  readonly count: number;
  readonly parameterNames: readonly string[];
  readonly notices: Problem[] = [];
  private readonly fixed: readonly (readonly [string, ParameterValue])[];
  private readonly dimensions: readonly Rows[];
  private readonly names: readonly (readonly string[])[];
  private readonly rows: (readonly ParameterValue[] | undefined)[][];
  private readonly digits: number[];
  private readonly product: Product | undefined;
  private readonly included: readonly Parameters[];

  constructor(private readonly sweep: Sweep) {
    this.dimensions = [...sweep.axes.map(axisRows), ...(sweep.random ? [randomRows(sweep.random)] : [])];
    const varied = new Set(this.dimensions.flatMap((dimension) => dimension.names));
    this.fixed = [...sweep.defaults].filter(([name]) => !varied.has(name));
    this.names = this.dimensions.map((dimension) => dimension.names);
    this.rows = this.dimensions.map(() => []);
    this.digits = this.dimensions.map(() => 0);
    this.product = this.buildProduct();
    this.included = this.withoutKnown(sweep.include);
    this.count = (this.product?.count ?? 0) + this.included.length;
    this.parameterNames = this.allNames(varied);
    this.noteDropped();
    this.noteTotal();
  }

  at(position: number): Parameters {
    if (!Number.isInteger(position) || position < 0 || position >= this.count)
      throw new RangeError(`No combination ${position} among ${this.count}.`);
    return this.combination(position);
  }

  *[Symbol.iterator](): Iterator<Parameters> {
    for (let position = 0; position < this.count; position++) yield this.combination(position);
  }

  /** Called a million times for a large sweep, so it makes nothing but the map. */
  private combination(position: number): Parameters {
    const inProduct = this.product?.count ?? 0;
    if (position >= inProduct) return this.included[position - inProduct] ?? new Map();
    const parameters = new Map<string, ParameterValue>();
    for (const [name, value] of this.fixed) parameters.set(name, value);
    this.product?.digitsAt(position, this.digits);
    for (let level = 0; level < this.names.length; level++) {
      const names = this.names[level] ?? [];
      const row = this.row(level, this.digits[level] ?? 0);
      for (let column = 0; column < names.length; column++)
        parameters.set(names[column] ?? '', row[column] ?? null);
    }
    return parameters;
  }

  /** Kept, because every combination of the other dimensions asks for it again. */
  private row(level: number, digit: number): readonly ParameterValue[] {
    const rows = this.rows[level] ?? [];
    return (rows[digit] ??= this.dimensions[level]?.row(digit) ?? []);
  }

  /** Undefined when there is none: a sweep that only lists combinations has no product of nothing as its first task. */
  private buildProduct(): Product | undefined {
    const { exclude, include, places } = this.sweep;
    if (this.dimensions.length === 0 && include.length > 0) return undefined;
    const product = buildProduct(this.dimensions, new Map(this.fixed), exclude);
    if (!product) {
      const message = 'The `exclude` clauses overlap in too many ways for their combinations to be counted.';
      this.note('error', 'exclude-too-complex', places.start, message);
    }
    exclude.forEach((clause, index) => {
      if (product?.clauseMatches[index] === false) this.noteUnmatched(clause);
    });
    return product;
  }

  /** Included combinations that neither the product nor an earlier one has. */
  private withoutKnown(include: readonly Clause[]): Parameters[] {
    const seen = new Set<string>();
    const kept: Parameters[] = [];
    for (const { parameters, range } of include) {
      const whole = new Map([...this.sweep.defaults, ...parameters]);
      const key = parametersKey(whole);
      if (seen.has(key) || this.isInProduct(whole)) {
        this.note(
          'warning',
          'duplicate-include',
          range,
          'The sweep has this combination already; it runs once.',
        );
        continue;
      }
      seen.add(key);
      kept.push(whole);
    }
    return kept;
  }

  private isInProduct(parameters: Parameters): boolean {
    if (!this.product) return false;
    const names = this.fixed.length + this.dimensions.reduce((sum, { names }) => sum + names.length, 0);
    if (parameters.size !== names) return false;
    for (const [name, value] of this.fixed) {
      const own = parameters.get(name);
      if (own === undefined || valueKey(own) !== valueKey(value)) return false;
    }
    const digits: number[] = [];
    for (const dimension of this.dimensions) {
      const values = dimension.names.map((name) => parameters.get(name));
      const found = values.filter((value) => value !== undefined);
      const digit = found.length < values.length ? -1 : findRow(dimension, found);
      if (digit < 0) return false;
      digits.push(digit);
    }
    return this.product.contains(digits);
  }

  private allNames(varied: ReadonlySet<string>): string[] {
    const names = new Set([...this.fixed.map(([name]) => name), ...varied]);
    for (const parameters of this.included) for (const name of parameters.keys()) names.add(name);
    return [...names];
  }

  private noteDropped(): void {
    this.dimensions.forEach((dimension, index) => {
      if (dimension.dropped === 0) return;
      const axis = this.sweep.axes[index] ?? this.sweep.random;
      const names = dimension.names.map((name) => `\`${name}\``).join(', ');
      const total = dimension.length + dimension.dropped;
      const message = `${names}: ${dimension.dropped} of ${total} values equal an earlier one; each runs once.`;
      this.note('warning', 'duplicate-values', axis?.range ?? this.sweep.places.start, message);
    });
  }

  private noteTotal(): void {
    const { places, exclude } = this.sweep;
    if (this.count > Number.MAX_SAFE_INTEGER)
      this.note(
        'error',
        'too-many-combinations',
        places.start,
        'There are more combinations than can be numbered.',
      );
    if (this.count === 0 && this.product)
      this.note(
        'error',
        'nothing-left',
        exclude[0]?.range ?? places.start,
        '`exclude` leaves no combination.',
      );
    if (this.dimensions.length === 0 && this.sweep.include.length === 0) {
      const message = 'The sweep varies no parameter, so that it is one task.';
      this.note('warning', 'no-parameters', places.start, message, 'Add a `grid` with lists of values.');
    }
  }

  private noteUnmatched({ range }: Clause): void {
    const hint = 'Values must be equal in type too: `1` is not `1.0`, and a list is compared as a whole.';
    this.note('warning', 'exclude-matches-nothing', range, 'No combination matches this clause.', hint);
  }

  private note(severity: Severity, code: string, range: TextRange, message: string, hint?: string): void {
    // A generated file can have thousands of one kind.
    if (this.notices.filter((notice) => notice.code === code).length >= 100) return;
    this.notices.push({ severity, code, message, range, ...(hint && { hint }) });
  }
}
