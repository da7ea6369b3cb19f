import type { ColumnAccess } from '../../../core/results/tableColumns';
import { button, h } from '../dom';
import { axisColumns, parallelAxes } from '../model/derive';
import { distanceToLine, lineOf, moveAxis, sample, type ParallelAxis } from '../model/parallelLines';
import type { Scale } from '../model/scale';
import type { Brush } from '../model/viewState';
import { selectTask } from '../model/selection';
import type { Page, PageStore } from '../pageStore';
import { showMenu, type MenuItem } from '../popup';
import type { Theme } from '../theme';
import type { Chart, Point, PointerHandler } from './chart';
import { rowTip } from './rowTip';
import { ScaleCache } from './scaleCache';
import { l10n } from '../l10n';
import type { Surface } from './surface';

/** More lines are an area; a selection of them shows the same in a fraction of the time. */
const MOST_LINES = 2000;
/** Of more selected tasks the last ones are drawn as such. */
const MOST_SELECTED = 200;
/** While an axis is brushed the picture must keep up with the hand. */
const MOST_WHILE_BRUSHING = 600;
const TOP = 46;
const BOTTOM = 18;
const SIDE = 70;
/** From an axis to where it is brushed. */
const REACH = 14;
const NEAR = 6;

/**
 * Parallel coordinates: an axis for each parameter and the objective, a line for each task. Dragging along an axis keeps
 * only tasks that pass there; the axis' button moves it, takes it away, or makes it logarithmic.
 */
export class ParallelChart implements Chart {
  private axes: readonly ParallelAxis[] = [];
  private lines: { readonly row: number; readonly points: readonly number[] }[] = [];
  private page: Page | undefined;
  private height = 0;
  private hovered: number | undefined;
  private brushing: { readonly axis: ParallelAxis; readonly from: number; readonly to: number } | undefined;
  private readonly scales = new ScaleCache(false);

  constructor(
    private readonly store: PageStore,
    private readonly redraw: () => void,
  ) {}

  describe(page: Page): string {
    const names = parallelAxes(page.derived, page.view).map(({ id }) => id);
    return l10n.t(
      'Parallel coordinates of {0} tasks over {1}. The table below has the same tasks; filters do what brushes do.',
      page.derived.rows.length,
      names.join(', '),
    );
  }

  controls(page: Page): readonly Node[] {
    const axes = parallelAxes(page.derived, page.view);
    const ids = axes.map(({ id }) => id);
    const menus = axes.map((axis, index) => {
      const anchor = button(
        axis.id,
        () => {
          showMenu(anchor, l10n.t('Axis {0}', axis.id), this.axisMenu(page, axis, ids, index));
        },
        {
          class: 'axis-button',
          'aria-haspopup': 'menu',
          title: l10n.t('Axis {0}: move, scale, remove', axis.id),
        },
      );
      return anchor;
    });
    const others = axisColumns(page.derived).filter(({ id }) => !ids.includes(id));
    const add = button(
      l10n.t('+ Axis'),
      () => {
        showMenu(
          add,
          l10n.t('Add an axis'),
          others.map(({ id }) => ({
            text: id,
            act: () => {
              this.store.update({ axes: [...ids, id] });
            },
          })),
        );
      },
      { disabled: others.length === 0, 'aria-haspopup': 'menu' },
    );
    return [h('span', { class: 'controls-label' }, l10n.t('Axes')), ...menus, add];
  }

  remark(page: Page): string {
    const { length } = page.derived.rows;
    return [
      l10n.t('Drag along an axis to keep only what passes there.'),
      ...(page.derived.objective ? [] : [l10n.t('There is no metric to colour by yet.')]),
      ...(length > MOST_LINES
        ? [l10n.t('{0} of {1} lines are drawn, evenly chosen.', MOST_LINES, length)]
        : []),
    ].join(' ');
  }

  draw(surface: Surface, page: Page, theme: Theme): void {
    this.page = page;
    this.height = surface.height;
    this.axes = this.place(page, surface.width);
    const [top, bottom] = [TOP, surface.height - BOTTOM];
    const always = new Set(
      page.view.selected.slice(-MOST_SELECTED).flatMap((task) => page.rowOf(task) ?? []),
    );
    const line = (row: number): number[] => lineOf(this.axes, row, top, bottom);
    const most = this.brushing ? MOST_WHILE_BRUSHING : MOST_LINES;
    surface.lines(sample(page.derived.brushedOut, most / 2, new Set()).map(line), { colour: theme.dimmed });
    this.lines = sample(page.derived.rows, most, always).map((row) => ({ row, points: line(row) }));
    this.drawLines(surface, page, theme, always);
    this.drawAxes(surface, page, theme);
  }

  readonly pointer: PointerHandler = {
    hover: (x, y) => {
      const near = this.nearest(x, y);
      if (near !== this.hovered) {
        this.hovered = near;
        this.redraw();
      }
      return near === undefined || !this.page
        ? undefined
        : rowTip(
            this.page,
            near,
            this.axes.map(({ id }) => id),
          );
    },
    click: (x, y, add) => {
      const { page } = this.store;
      if (!page) return;
      const axis = this.axisAt(x);
      if (axis && page.view.brushes[axis.id]) {
        this.store.update({ brushes: without(page.view.brushes, axis.id) });
        return;
      }
      const row = this.nearest(x, y);
      const task = row === undefined ? undefined : page.table.tasks[row];
      const { selected } = page.view;
      this.store.update({
        selected: task === undefined ? [] : selectTask(selected, task, { add, range: false }, []),
      });
    },
    drag: (from, to) => {
      const axis = this.axisAt(from.x);
      if (!axis || !this.page) return;
      this.brushing = { axis, from: from.y, to: to.y };
      this.brush(axis, from, to);
    },
    dragEnd: (from, to) => {
      const axis = this.axisAt(from.x);
      this.brushing = undefined;
      if (axis) this.brush(axis, from, to);
    },
    leave: () => {
      this.hovered = undefined;
      this.redraw();
    },
  };

  private brush(axis: ParallelAxis, from: Point, to: Point): void {
    const { page } = this.store;
    if (!page) return;
    this.store.update({ brushes: { ...page.view.brushes, [axis.id]: this.brushOf(axis, from.y, to.y) } });
  }

  private brushOf({ scale }: ParallelAxis, fromY: number, toY: number): Brush {
    const [top, bottom] = [TOP, this.height - BOTTOM];
    const placeOf = (y: number): number => (bottom - y) / (bottom - top);
    const [low = 0, high = 1] = [placeOf(fromY), placeOf(toY)].sort((a, b) => a - b);
    return { low: scale.valueAt(low), high: scale.valueAt(high) };
  }

  private drawLines(surface: Surface, page: Page, theme: Theme, selected: ReadonlySet<number>): void {
    const opacity = this.lines.length > 400 ? 0.35 : this.lines.length > 60 ? 0.6 : 0.9;
    const byShade = new Map<number, (readonly number[])[]>();
    const plain: (readonly number[])[] = [];
    for (const { row, points } of this.lines) {
      const shade = page.shadeOf(row);
      if (shade === undefined) plain.push(points);
      else {
        const lines = byShade.get(shade) ?? [];
        byShade.set(shade, lines);
        lines.push(points);
      }
    }
    const faded = selected.size > 0 ? opacity / 2.5 : opacity;
    surface.lines(plain, { colour: theme.plain, opacity: faded / 2 });
    // The best ones last, on top.
    for (const [shade, lines] of [...byShade].sort(([a], [b]) => a - b))
      surface.lines(lines, { colour: theme.shades[shade] ?? theme.plain, opacity: faded, width: 1.2 });
    const strong = (row: number, width: number): void => {
      const line = this.lines.find((each) => each.row === row);
      const shade = page.shadeOf(row);
      if (!line) return;
      surface.lines([line.points], { colour: theme.background, width: width + 3 });
      surface.lines([line.points], {
        colour: shade === undefined ? theme.text : (theme.shades[shade] ?? theme.text),
        width,
      });
    };
    for (const row of selected) strong(row, 3);
    if (this.hovered !== undefined) strong(this.hovered, 2.5);
  }

  private drawAxes(surface: Surface, page: Page, theme: Theme): void {
    const [top, bottom] = [TOP, surface.height - BOTTOM];
    for (const { id, scale, x } of this.axes) {
      const isObjective = id === page.derived.objective?.id;
      surface.lines([[x, top, x, bottom]], {
        colour: isObjective ? theme.text : theme.faint,
        width: isObjective ? 2 : 1,
      });
      const title = id.length > 22 ? `…${id.slice(-21)}` : id;
      surface.text(title, x, 14, { colour: theme.text, size: 12, align: 'middle', isBold: isObjective });
      if (scale.kind === 'log')
        surface.text('log', x, 29, { colour: theme.faint, size: 10, align: 'middle' });
      for (const { place, label } of scale.ticks) {
        const y = bottom - place * (bottom - top);
        surface.lines([[x - 4, y, x, y]], { colour: theme.faint });
        // A ground of its own, so that numbers stay readable over lines.
        surface.box(x - 9 - label.length * 6, y - 7, label.length * 6 + 4, 14, {
          colour: theme.background,
          opacity: 0.85,
        });
        surface.text(label, x - 7, y, { colour: theme.text, size: 11, align: 'end' });
      }
      const brush = page.view.brushes[id];
      if (brush) drawBrush(surface, { x, top, bottom }, scale, brush, theme);
    }
    if (this.brushing) {
      const { axis, from, to } = this.brushing;
      surface.box(axis.x - 6, Math.min(from, to), 12, Math.abs(to - from), {
        colour: theme.selection,
        opacity: 0.4,
      });
    }
  }

  private place(page: Page, width: number): ParallelAxis[] {
    const columns = parallelAxes(page.derived, page.view);
    const step = (width - 2 * SIDE) / Math.max(1, columns.length - 1);
    return columns.map((column, index) => ({
      id: column.id,
      scale: this.scales.get(page, column).scale,
      x: columns.length === 1 ? width / 2 : SIDE + index * step,
    }));
  }

  private axisMenu(page: Page, axis: ColumnAccess, ids: readonly string[], index: number): MenuItem[] {
    const move = (to: number) => () => {
      this.store.update({ axes: moveAxis(ids, axis.id, to) });
    };
    const { canBeLog, isLog } = this.scales.get(page, axis);
    return [
      {
        text: l10n.t('Logarithmic'),
        isChecked: isLog,
        isDisabled: !canBeLog,
        act: () => {
          this.store.update({ log: { ...page.view.log, [axis.id]: !isLog } });
        },
      },
      { text: l10n.t('Move Left'), isDisabled: index === 0, act: move(index - 1) },
      { text: l10n.t('Move Right'), isDisabled: index === ids.length - 1, act: move(index + 1) },
      {
        text: l10n.t('Clear Brush'),
        isDisabled: !page.view.brushes[axis.id],
        act: () => {
          this.store.update({ brushes: without(page.view.brushes, axis.id) });
        },
      },
      {
        text: l10n.t('Remove Axis'),
        isDisabled: ids.length < 2,
        act: () => {
          this.store.update({ axes: ids.filter((id) => id !== axis.id) });
        },
      },
    ];
  }

  private axisAt(x: number): ParallelAxis | undefined {
    return this.axes.find((axis) => Math.abs(axis.x - x) <= REACH);
  }

  private nearest(x: number, y: number): number | undefined {
    let best: { row: number; distance: number } | undefined;
    for (const { row, points } of this.lines) {
      const distance = distanceToLine(points, x, y);
      if (distance <= NEAR && distance < (best?.distance ?? Infinity)) best = { row, distance };
    }
    return best?.row;
  }
}

function drawBrush(
  surface: Surface,
  { x, top, bottom }: { readonly x: number; readonly top: number; readonly bottom: number },
  scale: Scale,
  { low, high }: Brush,
  theme: Theme,
): void {
  const yOf = (value: number): number => {
    const place = scale.place(value);
    return bottom - Math.min(1.02, Math.max(-0.02, Number.isNaN(place) ? 0 : place)) * (bottom - top);
  };
  const [from, to] = [yOf(high), yOf(low)];
  surface.box(x - 6, from, 12, Math.max(3, to - from), { colour: theme.selection, opacity: 0.35 });
  surface.lines(
    [
      [x - 6, from, x + 6, from],
      [x - 6, to, x + 6, to],
    ],
    { colour: theme.selection, width: 2 },
  );
}

export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
