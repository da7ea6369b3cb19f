import { mergeRows } from '../../core/results/mergeRows';
import type { Objective } from '../../core/results/objective';
import type { SweepHead } from '../../core/results/page/protocol';
import { rowOfTask, type ResultTable } from '../../core/results/resultTable';
import { derive, type Derived } from './model/derive';
import { makeShading } from './model/colours';
import type { ViewState } from './model/viewState';

/** What the page shows, with everything that follows from it. */
export interface Page {
  readonly sweep: SweepHead;
  readonly table: ResultTable;
  readonly objective: Objective | undefined;
  readonly view: ViewState;
  readonly derived: Derived;
  /** By the objective: the place among the shades, from worst to best; undefined without a value. */
  readonly shadeOf: (row: number) => number | undefined;
  /** The place of a task's row; undefined when there is none. */
  readonly rowOf: (task: number) => number | undefined;
}

/** Where the state of the page changes; parts draw themselves when it did. */
export class PageStore {
  private current: Page | undefined;
  private readonly listeners: ((page: Page) => void)[] = [];
  private frame = 0;

  constructor(
    private view: ViewState,
    private readonly keep: (view: ViewState) => void,
  ) {}

  get page(): Page | undefined {
    return this.current;
  }

  /** Listeners are called in their order, at most once for each picture on the screen. */
  listen(listener: (page: Page) => void): void {
    this.listeners.push(listener);
  }

  setTable(sweep: SweepHead, table: ResultTable, objective: Objective | undefined): void {
    this.compute({ sweep, table, objective });
  }

  setRows(patch: ResultTable): void {
    if (this.current) this.compute({ ...this.current, table: mergeRows(this.current.table, patch) });
  }

  setSweep(sweep: SweepHead): void {
    if (this.current) this.compute({ ...this.current, sweep });
  }

  setObjective(objective: Objective): void {
    if (this.current) this.compute({ ...this.current, objective });
  }

  update(change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    this.keep(this.view);
    if (!this.current) return;
    // What only highlights needs no filtering and sorting.
    const isCheap = Object.keys(change).every((key) => CHEAP.has(key as keyof ViewState));
    if (isCheap) this.show({ ...this.current, view: this.view });
    else this.compute(this.current);
  }

  private compute({ sweep, table, objective }: Pick<Page, 'sweep' | 'table' | 'objective'>): void {
    const { view } = this;
    const derived = derive(table, view, objective, this.current?.derived.filtered);
    const { objective: column } = derived;
    const shading =
      column &&
      makeShading(
        Float64Array.from(derived.filtered, (row) => column.number(row)),
        objective?.goal ?? 'maximize',
      );
    this.show({
      sweep,
      table,
      objective,
      view,
      derived,
      shadeOf: (row) => (column ? shading?.(column.number(row)) : undefined),
      rowOf: (task) => rowOfTask(table, task),
    });
  }

  private show(page: Page): void {
    this.current = page;
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.current) for (const listener of this.listeners) listener(this.current);
    });
  }
}

const CHEAP: ReadonlySet<keyof ViewState> = new Set<keyof ViewState>([
  'selected',
  'tab',
  'chartsShown',
  'chartHeight',
  'axes',
  'log',
  'x',
  'y',
  'curve',
  'smoothing',
  'logSteps',
  'logCurve',
]);
