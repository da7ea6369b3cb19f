import type { ColumnAccess } from '../../../core/results/tableColumns';
import { checkbox, select } from '../dom';
import { axisColumns, scatterAxes } from '../model/derive';
import type { Scale } from '../model/scale';
import { selectTask } from '../model/selection';
import type { Page, PageStore } from '../pageStore';
import type { Theme } from '../theme';
import type { Chart, Point, PointerHandler } from './chart';
import { drawFrame, plotOf, type Plot } from './frame';
import { rowTip } from './rowTip';
import { ScaleCache } from './scaleCache';
import type { Surface } from './surface';
import { l10n } from '../l10n';

const NEAR = 9;
/** Dots beyond this cost more than they show. */
const MOST_DOTS = 20_000;

/** A dot for each task, by two columns. Dragging a box keeps only the tasks in it. */
export class ScatterChart implements Chart {
  private page: Page | undefined;
  private plot: Plot = { left: 0, top: 0, width: 1, height: 1 };
  private x: { readonly column: ColumnAccess; readonly scale: Scale } | undefined;
  private y: { readonly column: ColumnAccess; readonly scale: Scale } | undefined;
  private dots: { readonly row: number; readonly x: number; readonly y: number }[] = [];
  private hovered: number | undefined;
  private readonly scales = new ScaleCache(true);
  private box: { readonly from: Point; readonly to: Point } | undefined;

  constructor(
    private readonly store: PageStore,
    private readonly redraw: () => void,
  ) {}

  describe(page: Page): string {
    const { x, y } = scatterAxes(page.derived, page.view);
    return l10n.t(
      'Scatter plot of {0} tasks: {1} against {2}. The table below has the same tasks.',
      page.derived.rows.length,
      y?.id ?? '',
      x?.id ?? '',
    );
  }

  controls(page: Page): readonly Node[] {
    const { x, y } = scatterAxes(page.derived, page.view);
    const options = axisColumns(page.derived).map(({ id }) => ({ value: id, text: id }));
    const log = (label: string, column: ColumnAccess | undefined): Node[] => {
      if (!column) return [];
      const known = this.scales.get(page, column);
      if (!known.canBeLog) return [];
      return [
        checkbox(label, known.isLog, (isLog) => {
          this.store.update({ log: { ...page.view.log, [column.id]: isLog } });
        }),
      ];
    };
    return [
      select(l10n.t('Across'), options, x?.id ?? '', (id) => {
        this.store.update({ x: id });
      }),
      ...log(l10n.t('log across'), x),
      select(l10n.t('Up'), options, y?.id ?? '', (id) => {
        this.store.update({ y: id });
      }),
      ...log(l10n.t('log up'), y),
    ];
  }

  remark(page: Page): string {
    const how = l10n.t('Drag a box to keep only the tasks in it; click a dot to select its task.');
    const isCut = page.derived.rows.length > MOST_DOTS;
    return isCut ? `${how} ${l10n.t('The first {0} tasks are drawn.', MOST_DOTS)}` : how;
  }

  draw(surface: Surface, page: Page, theme: Theme): void {
    this.page = page;
    this.plot = plotOf(surface);
    const { x, y } = scatterAxes(page.derived, page.view);
    this.x = x && this.axis(page, x);
    this.y = y && this.axis(page, y);
    if (!this.x || !this.y) {
      surface.text(
        l10n.t('There are no two columns that differ yet.'),
        surface.width / 2,
        surface.height / 2,
        {
          colour: theme.faint,
          size: 13,
          align: 'middle',
        },
      );
      return;
    }
    drawFrame(
      surface,
      this.plot,
      {
        x: { ticks: this.x.scale.ticks, title: this.x.column.id },
        y: { ticks: this.y.scale.ticks, title: this.y.column.id },
      },
      theme,
    );
    this.dots = page.derived.rows.slice(0, MOST_DOTS).flatMap((row) => this.dotOf(row) ?? []);
    this.drawDots(surface, page, theme);
  }

  readonly pointer: PointerHandler = {
    hover: (x, y) => {
      const near = this.nearest(x, y);
      if (near !== this.hovered) {
        this.hovered = near;
        this.redraw();
      }
      if (near === undefined || !this.page) return undefined;
      return rowTip(
        this.page,
        near,
        [this.x, this.y].flatMap((axis) => axis?.column.id ?? []),
      );
    },
    click: (x, y, add) => {
      const { page } = this.store;
      if (!page) return;
      const row = this.nearest(x, y);
      const task = row === undefined ? undefined : page.table.tasks[row];
      this.store.update({
        selected: task === undefined ? [] : selectTask(page.view.selected, task, { add, range: false }, []),
      });
    },
    drag: (from, to) => {
      this.box = { from, to };
      this.redraw();
    },
    dragEnd: (from, to) => {
      this.box = undefined;
      this.brush(from, to);
    },
    leave: () => {
      this.hovered = undefined;
      this.redraw();
    },
  };

  private brush(from: Point, to: Point): void {
    const { x, y, plot } = this;
    const { page } = this.store;
    if (!page || !x || !y) return;
    const across = [from.x, to.x]
      .map((at) => x.scale.valueAt((at - plot.left) / plot.width))
      .sort((a, b) => a - b);
    const up = [from.y, to.y]
      .map((at) => y.scale.valueAt((plot.top + plot.height - at) / plot.height))
      .sort((a, b) => a - b);
    this.store.update({
      brushes: {
        ...page.view.brushes,
        [x.column.id]: { low: across[0] ?? 0, high: across[1] ?? 0 },
        [y.column.id]: { low: up[0] ?? 0, high: up[1] ?? 0 },
      },
    });
  }

  private axis(page: Page, column: ColumnAccess): { column: ColumnAccess; scale: Scale } {
    return { column, scale: this.scales.get(page, column).scale };
  }

  private dotOf(row: number): { row: number; x: number; y: number } | undefined {
    const { plot } = this;
    const [across, up] = [this.x?.scale.placeOf(row) ?? NaN, this.y?.scale.placeOf(row) ?? NaN];
    if (Number.isNaN(across) || Number.isNaN(up)) return undefined;
    return { row, x: plot.left + across * plot.width, y: plot.top + plot.height - up * plot.height };
  }

  private drawDots(surface: Surface, page: Page, theme: Theme): void {
    const selected = new Set(page.view.selected.flatMap((task) => page.rowOf(task) ?? []));
    const radius = this.dots.length > 2000 ? 2 : this.dots.length > 300 ? 3 : 4;
    const byShade = new Map<number, number[]>();
    for (const { row, x, y } of this.dots) {
      const shade = page.shadeOf(row) ?? -1;
      const points = byShade.get(shade) ?? [];
      points.push(x, y);
      byShade.set(shade, points);
    }
    const opacity = selected.size > 0 ? 0.35 : 0.8;
    for (const [shade, points] of [...byShade].sort(([a], [b]) => a - b))
      surface.dots(points, radius, { colour: theme.shades[shade] ?? theme.plain, opacity });
    for (const { row, x, y } of this.dots) {
      if (!selected.has(row) && row !== this.hovered) continue;
      surface.dots([x, y], radius + 4, { colour: theme.text });
      surface.dots([x, y], radius + 2, { colour: theme.shades[page.shadeOf(row) ?? -1] ?? theme.plain });
    }
    if (!this.box) return;
    const { from, to } = this.box;
    surface.box(
      Math.min(from.x, to.x),
      Math.min(from.y, to.y),
      Math.abs(to.x - from.x),
      Math.abs(to.y - from.y),
      { colour: theme.selection, opacity: 0.25 },
    );
  }

  private nearest(x: number, y: number): number | undefined {
    let best: { row: number; distance: number } | undefined;
    for (const dot of this.dots) {
      const distance = Math.hypot(dot.x - x, dot.y - y);
      if (distance <= NEAR && distance < (best?.distance ?? Infinity)) best = { row: dot.row, distance };
    }
    return best?.row;
  }
}
