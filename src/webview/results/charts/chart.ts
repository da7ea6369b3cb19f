import { fill, h } from '../dom';
import type { Page } from '../pageStore';
import type { Theme } from '../theme';
import { CanvasSurface, SvgSurface, type Surface } from './surface';
import { l10n } from '../l10n';

/** A drawing with its controls. */
export interface Chart {
  /** What a person without eyes is told of it. */
  describe(page: Page): string;
  /** Fields above the drawing. */
  controls(page: Page): readonly Node[];
  draw(surface: Surface, page: Page, theme: Theme): void;
  /** Whether colours stand for the objective. Default: they do. */
  isShaded?(page: Page): boolean;
  /** A remark below: how many are drawn, what is missing. */
  remark(page: Page): string;
  /** Reacts to the pointer; x and y from the top left of the drawing. */
  readonly pointer: PointerHandler;
}

export interface PointerHandler {
  /** @returns a tip to show, lines of text */
  hover(x: number, y: number): readonly string[] | undefined;
  click(x: number, y: number, add: boolean): void;
  /** From where the button was pressed to where the pointer is. */
  drag(from: Point, to: Point): void;
  dragEnd(from: Point, to: Point): void;
  leave(): void;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Moves smaller than this are clicks. */
const DRAG_PIXELS = 4;

/** Puts a chart on a canvas and passes the pointer on. */
export class ChartView {
  readonly element: HTMLElement;
  private readonly canvas = h('canvas', { role: 'img', tabindex: 0 });
  private readonly tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
  private readonly holder = h('div', { class: 'canvas-holder' }, this.canvas, this.tip);
  private readonly controls = h('div', { class: 'controls' });
  private readonly remark = h('div', { class: 'remark', 'aria-live': 'polite' });
  private page: Page | undefined;
  private frame = 0;

  constructor(
    private readonly chart: Chart,
    private readonly theme: () => Theme,
  ) {
    this.element = h('div', { class: 'chart' }, this.controls, this.holder, this.remark);
    new ResizeObserver(() => {
      this.redraw();
    }).observe(this.holder);
    this.listen();
  }

  show(page: Page): void {
    this.page = page;
    this.fillControls(page);
    this.canvas.setAttribute('aria-label', this.chart.describe(page));
    this.remark.textContent = this.chart.remark(page);
    this.draw();
  }

  /** Draws again what is shown, once for each picture on the screen. */
  redraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { width, height } = this.size;
    if (!this.page || width === 0 || height === 0) return;
    const theme = this.theme();
    this.chart.draw(new CanvasSurface(this.canvas, theme.font, { width, height }), this.page, theme);
  }

  svg(): Uint8Array {
    const { width, height } = this.size;
    const theme = this.theme();
    const surface = new SvgSurface(width, height, theme.font);
    surface.box(0, 0, width, height, { colour: theme.background });
    if (this.page) this.chart.draw(surface, this.page, theme);
    return new TextEncoder().encode(surface.toString());
  }

  /** Twice the size on the screen, for print. */
  async png(): Promise<Uint8Array> {
    const canvas = document.createElement('canvas');
    const theme = this.theme();
    const surface = new CanvasSurface(canvas, theme.font, this.size, 2);
    surface.box(0, 0, this.size.width, this.size.height, { colour: theme.background });
    if (this.page) this.chart.draw(surface, this.page, theme);
    const blob = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/png');
    });
    if (!blob) throw new Error(l10n.t('The picture could not be made.'));
    return new Uint8Array(await blob.arrayBuffer());
  }

  private get size(): { width: number; height: number } {
    return { width: this.holder.clientWidth, height: this.holder.clientHeight };
  }

  /** A field that has the focus is not taken away under the user's hands. */
  private fillControls(page: Page): void {
    if (this.controls.contains(document.activeElement)) return;
    fill(
      this.controls,
      ...this.chart.controls(page),
      this.chart.isShaded?.(page) === false ? undefined : legend(page, this.theme()),
    );
  }

  private listen(): void {
    let from: Point | undefined;
    let isDrag = false;
    const { canvas, chart } = this;
    canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      from = at(event);
      isDrag = false;
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
      const to = at(event);
      if (!from) {
        this.showTip(chart.pointer.hover(to.x, to.y), to);
        return;
      }
      isDrag ||= Math.hypot(to.x - from.x, to.y - from.y) > DRAG_PIXELS;
      if (isDrag) chart.pointer.drag(from, to);
    });
    canvas.addEventListener('pointerup', (event) => {
      if (!from) return;
      if (isDrag) chart.pointer.dragEnd(from, at(event));
      else chart.pointer.click(from.x, from.y, event.ctrlKey || event.metaKey || event.shiftKey);
      from = undefined;
    });
    canvas.addEventListener('pointerleave', () => {
      if (from) return;
      chart.pointer.leave();
      this.showTip(undefined, { x: 0, y: 0 });
    });
  }

  private showTip(lines: readonly string[] | undefined, { x, y }: Point): void {
    this.tip.hidden = !lines;
    if (!lines) return;
    fill(this.tip, ...lines.map((line) => h('div', {}, line)));
    const { width, height } = this.size;
    this.tip.style.left = `${Math.min(x + 14, width - this.tip.offsetWidth - 4)}px`;
    this.tip.style.top = `${Math.min(y + 14, height - this.tip.offsetHeight - 4)}px`;
  }
}

/** What the colours mean. */
function legend({ derived }: Page, theme: Theme): HTMLElement | undefined {
  if (!derived.objective) return undefined;
  const swatch = h('span', { class: 'swatch' });
  swatch.style.background = `linear-gradient(to right, ${theme.shades.join(', ')})`;
  return h(
    'span',
    { class: 'legend', 'aria-hidden': 'true' },
    l10n.t('{0}: worst', derived.objective.id),
    swatch,
    l10n.t('best'),
  );
}

function at(event: PointerEvent): Point {
  return { x: event.offsetX, y: event.offsetY };
}
