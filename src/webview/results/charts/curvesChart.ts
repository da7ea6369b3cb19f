import type { Series } from '../../../core/results/logSink';
import type { TaskSeries } from '../../../core/results/resultSource';
import { checkbox, h, select } from '../dom';
import { numberScale, type Scale } from '../model/scale';
import { smooth } from '../model/smooth';
import { selectTask } from '../model/selection';
import type { Page, PageStore } from '../pageStore';
import type { Theme } from '../theme';
import type { Chart, PointerHandler } from './chart';
import { drawFrame, formatNumber, plotOf, type Plot } from './frame';
import { distanceToLine } from '../model/parallelLines';
import { rowTip } from './rowTip';
import type { Surface } from './surface';
import { l10n } from '../l10n';

/** Lines at one time; of more tasks the first in the order of the table are drawn. */
const MOST_LINES = 300;
/** Lines that have colours of their own. */
const MOST_NAMED = 6;
const NAME_WIDTH = 86;
const MAX_POINTS = 400;
const TASKS_PER_REQUEST = 25;
const NEAR = 7;

type Load = (metric: string, tasks: readonly number[], maxPoints: number) => Promise<readonly TaskSeries[]>;

interface Line {
  readonly task: number;
  readonly row: number;
  readonly points: readonly number[];
  readonly last: number;
}

/** How a metric went, task over task. Courses are fetched when they are first shown, and again when a task goes on. */
export class CurvesChart implements Chart {
  private readonly courses = new Map<string, Series | undefined>();
  private readonly stale = new Set<string>();
  private readonly loading = new Set<string>();
  private problem = '';
  private page: Page | undefined;
  private plot: Plot = { left: 0, top: 0, width: 1, height: 1 };
  private lines: readonly Line[] = [];
  private hovered: number | undefined;

  constructor(
    private readonly store: PageStore,
    private readonly redraw: () => void,
    private readonly load: Load,
  ) {}

  /** The rows of these tasks changed: their courses may have grown. */
  outdate(tasks: Iterable<number>): void {
    const changed = new Set(tasks);
    for (const key of this.courses.keys()) if (changed.has(taskOf(key))) this.stale.add(key);
  }

  describe(page: Page): string {
    return l10n.t(
      'Learning curves of {0} for {1} tasks. The table below has their last values.',
      metricOf(page) ?? l10n.t('no metric'),
      this.wanted(page).length,
    );
  }

  controls(page: Page): readonly Node[] {
    const { view } = page;
    const metrics = stepMetrics(page).map((name) => ({ value: name, text: name }));
    const amount = h('output', {}, view.smoothing.toFixed(2));
    const slider = h('input', {
      type: 'range',
      min: 0,
      max: 0.99,
      step: 0.01,
      value: view.smoothing,
      'aria-label': l10n.t('Smoothing'),
      oninput: () => {
        amount.textContent = Number(slider.value).toFixed(2);
        this.store.update({ smoothing: Number(slider.value) });
      },
    });
    return [
      select(l10n.t('Metric'), metrics, metricOf(page) ?? '', (curve) => {
        this.store.update({ curve });
      }),
      h('label', { class: 'field' }, h('span', {}, l10n.t('Smoothing')), slider, amount),
      checkbox(l10n.t('log steps'), view.logSteps, (logSteps) => {
        this.store.update({ logSteps });
      }),
      checkbox(l10n.t('log values'), view.logCurve, (logCurve) => {
        this.store.update({ logCurve });
      }),
    ];
  }

  remark(page: Page): string {
    if (this.problem !== '') return this.problem;
    if (metricOf(page) === undefined) return l10n.t('No metric was logged by step.');
    const wanted = this.wanted(page).length;
    const all = page.view.selected.length > 0 ? page.view.selected.length : page.derived.rows.length;
    if (page.view.selected.length > 0)
      return wanted < all
        ? l10n.t('The first {0} of {1} selected tasks.', wanted, all)
        : wanted === 1
          ? l10n.t('The selected task.')
          : l10n.t('{0} selected tasks.', wanted);
    return wanted < all
      ? l10n.t('The first {0} of {1} tasks of the table.', wanted, all)
      : l10n.t('{0} tasks of the table.', wanted);
  }

  isShaded(page: Page): boolean {
    return this.wanted(page).length > MOST_NAMED;
  }

  draw(surface: Surface, page: Page, theme: Theme): void {
    this.page = page;
    const isNamed = !this.isShaded(page);
    this.plot = isNamed ? plotOf(surface, NAME_WIDTH) : plotOf(surface);
    const metric = metricOf(page);
    if (metric === undefined) {
      surface.text(l10n.t('No metric was logged by step.'), surface.width / 2, surface.height / 2, {
        colour: theme.faint,
        size: 13,
        align: 'middle',
      });
      return;
    }
    const tasks = this.wanted(page);
    void this.fetch(metric, tasks);
    const courses = tasks.flatMap((task) => {
      const course = this.courses.get(keyOf(metric, task));
      return course ? [{ task, course, ys: smooth(course.ys, page.view.smoothing) }] : [];
    });
    const { x, y } = scalesOf(courses, page);
    const { plot } = this;
    if (courses.length > 0)
      drawFrame(
        surface,
        plot,
        { x: { ticks: x.ticks, title: l10n.t('step') }, y: { ticks: y.ticks, title: metric } },
        theme,
      );
    this.lines = courses.map(({ task, course, ys }) => ({
      task,
      row: page.rowOf(task) ?? 0,
      points: pointsOf(course.xs, ys, { x, y }, plot),
      last: ys.at(-1) ?? NaN,
    }));
    surface.within(plot.left, plot.top - 2, plot.width + 2, plot.height + 4, () => {
      this.drawLines(surface, page, theme);
    });
    if (isNamed) this.drawNames(surface, theme);
    if (courses.length === 0)
      surface.text(
        this.loading.size > 0 ? l10n.t('Reading…') : l10n.t('None of these tasks has logged it yet.'),
        surface.width / 2,
        surface.height / 2,
        { colour: theme.faint, size: 13, align: 'middle' },
      );
  }

  readonly pointer: PointerHandler = {
    hover: (x, y) => {
      const near = this.nearest(x, y);
      if (near?.task !== this.hovered) {
        this.hovered = near?.task;
        this.redraw();
      }
      if (!near || !this.page) return undefined;
      const parameters = this.page.derived.visible.filter(({ kind }) => kind === 'parameter').slice(0, 8);
      return [
        ...rowTip(
          this.page,
          near.row,
          parameters.map(({ id }) => id),
        ),
        l10n.t('last: {0}', formatNumber(near.last)),
      ];
    },
    click: (x, y, add) => {
      const { page } = this.store;
      const near = this.nearest(x, y);
      if (!page || !near) return;
      this.store.update({ selected: selectTask(page.view.selected, near.task, { add, range: false }, []) });
    },
    drag: () => undefined,
    dragEnd: () => undefined,
    leave: () => {
      this.hovered = undefined;
      this.redraw();
    },
  };

  private drawLines(surface: Surface, page: Page, theme: Theme): void {
    if (!this.isShaded(page)) this.drawNamed(surface, theme);
    else this.drawShaded(surface, page, theme);
    const hovered = this.lines.find(({ task }) => task === this.hovered);
    if (!hovered) return;
    surface.lines([hovered.points], { colour: theme.background, width: 6 });
    surface.lines([hovered.points], { colour: theme.text, width: 3 });
  }

  /** Few lines are told apart by colours of their own. */
  private drawNamed(surface: Surface, theme: Theme): void {
    for (const [index, { points }] of this.lines.entries()) {
      const colour = theme.distinct[index] ?? theme.text;
      if (points.length === 2) surface.dots(points, 3, { colour });
      else surface.lines([points], { colour, width: 2 });
    }
  }

  /** Names beside the ends of the lines, pushed down where they would lie on each other. */
  private drawNames(surface: Surface, theme: Theme): void {
    const ends = this.lines.map(({ task, points }, index) => ({ task, index, y: points.at(-1) ?? 0 }));
    let free = -Infinity;
    for (const { task, index, y } of ends.sort((a, b) => a.y - b.y)) {
      const at = Math.max(y, free);
      free = at + 14;
      const colour = theme.distinct[index] ?? theme.text;
      const x = this.plot.left + this.plot.width + 8;
      surface.text(l10n.t('task {0}', task), x, at, { colour, size: 11, isBold: true });
    }
  }

  private drawShaded(surface: Surface, page: Page, theme: Theme): void {
    const opacity = this.lines.length > 60 ? 0.55 : 0.9;
    const isSingle = (points: readonly number[]): boolean => points.length === 2;
    for (const { row, points } of this.lines) {
      const colour = theme.shades[page.shadeOf(row) ?? -1] ?? theme.plain;
      if (isSingle(points)) surface.dots(points, 3, { colour, opacity });
      else surface.lines([points], { colour, opacity, width: 1.4 });
    }
  }

  /** Those that are selected, else those of the table. */
  private wanted({ view, derived, table, rowOf }: Page): readonly number[] {
    const tasks =
      view.selected.length > 0
        ? view.selected.filter((task) => rowOf(task) !== undefined)
        : derived.rows.slice(0, MOST_LINES).map((row) => table.tasks[row] ?? 0);
    return tasks.slice(0, MOST_LINES);
  }

  private async fetch(metric: string, tasks: readonly number[]): Promise<void> {
    const missing = tasks.filter((task) => {
      const key = keyOf(metric, task);
      return !this.loading.has(key) && (!this.courses.has(key) || this.stale.has(key));
    });
    if (missing.length === 0) return;
    for (const task of missing) this.loading.add(keyOf(metric, task));
    try {
      for (let from = 0; from < missing.length; from += TASKS_PER_REQUEST) {
        const part = missing.slice(from, from + TASKS_PER_REQUEST);
        this.keep(metric, part, await this.load(metric, part, MAX_POINTS));
        this.redraw();
      }
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      // Not asked for again by itself: that would go on for ever.
      this.keep(metric, missing, []);
    }
    for (const task of missing) this.loading.delete(keyOf(metric, task));
    this.redraw();
  }

  private keep(metric: string, tasks: readonly number[], series: readonly TaskSeries[]): void {
    for (const task of tasks) {
      this.courses.set(
        keyOf(metric, task),
        series.find((each) => each.task === task),
      );
      this.stale.delete(keyOf(metric, task));
    }
  }

  private nearest(x: number, y: number): Line | undefined {
    let best: { line: Line; distance: number } | undefined;
    for (const line of this.lines) {
      const distance = distanceToLine(line.points, x, y);
      if (distance <= NEAR && distance < (best?.distance ?? Infinity)) best = { line, distance };
    }
    return best?.line;
  }
}

/** Metrics that have a course: those with a range on the way. */
function stepMetrics({ table }: Page): string[] {
  return table.metrics.filter(({ lows }) => lows).map(({ name }) => name);
}

function metricOf(page: Page): string | undefined {
  const names = stepMetrics(page);
  const wanted = [page.view.curve, page.objective?.metric].find(
    (name) => name !== undefined && names.includes(name),
  );
  return wanted ?? names.find((name) => !/^(?:epoch|step|_step|global_step)$/u.test(name)) ?? names[0];
}

type NumberScale = Omit<Scale, 'placeOf'>;

function scalesOf(
  courses: readonly { readonly course: Series; readonly ys: Float64Array }[],
  { view }: Page,
): { x: NumberScale; y: NumberScale } {
  const rangeOf = (lists: readonly Float64Array[], isLog: boolean): [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (const list of lists)
      for (const value of list) {
        if (!Number.isFinite(value) || (isLog && value <= 0)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    return [low, high];
  };
  const [fromX, toX] = rangeOf(
    courses.map(({ course }) => course.xs),
    view.logSteps,
  );
  const [fromY, toY] = rangeOf(
    courses.map(({ ys }) => ys),
    view.logCurve,
  );
  return { x: numberScale(fromX, toX, view.logSteps), y: numberScale(fromY, toY, view.logCurve) };
}

function pointsOf(
  xs: Float64Array,
  ys: Float64Array,
  { x, y }: { readonly x: NumberScale; readonly y: NumberScale },
  plot: Plot,
): number[] {
  const points: number[] = [];
  for (let i = 0; i < xs.length; i++) {
    const [across, up] = [x.place(xs[i] ?? NaN), y.place(ys[i] ?? NaN)];
    if (!Number.isFinite(across) || !Number.isFinite(up)) continue;
    points.push(plot.left + across * plot.width, plot.top + plot.height - up * plot.height);
  }
  return points;
}

function keyOf(metric: string, task: number): string {
  return `${task} ${metric}`;
}

function taskOf(key: string): number {
  return Number(key.slice(0, key.indexOf(' ')));
}
