import type { Scale } from '../model/scale';
import type { Theme } from '../theme';
import type { Surface } from './surface';

export const MARGIN = { left: 66, right: 30, top: 14, bottom: 44 } as const;

/** The area between two axes. */
export interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @param right - room beside the plot */
export function plotOf(
  { width, height }: Pick<Surface, 'width' | 'height'>,
  right: number = MARGIN.right,
): Plot {
  return {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(10, width - MARGIN.left - right),
    height: Math.max(10, height - MARGIN.top - MARGIN.bottom),
  };
}

type Axis = Pick<Scale, 'ticks'> & { readonly title: string };

/** Draws two axes with grid, numbers and titles. */
export function drawFrame(surface: Surface, plot: Plot, { x, y }: { x: Axis; y: Axis }, theme: Theme): void {
  const { left, top, width, height } = plot;
  const bottom = top + height;
  const grid = { colour: theme.grid, opacity: theme.isHighContrast ? 0.35 : 1 };
  const small = { colour: theme.faint, size: 11 };
  for (const { place, label } of y.ticks) {
    const at = bottom - place * height;
    surface.lines([[left, at, left + width, at]], grid);
    surface.text(label, left - 8, at, { ...small, align: 'end' });
  }
  const stride = Math.ceil((x.ticks.length * 62) / width);
  for (const [index, { place, label }] of x.ticks.entries()) {
    const at = left + place * width;
    surface.lines([[at, top, at, bottom]], grid);
    if (index % stride === 0) surface.text(label, at, bottom + 13, { ...small, align: 'middle' });
  }
  surface.lines([[left, top, left, bottom, left + width, bottom]], { colour: theme.faint });
  const title = { colour: theme.text, size: 12, align: 'middle', isBold: true } as const;
  surface.text(x.title, left + width / 2, bottom + 32, title);
  surface.text(y.title, 14, top + height / 2, { ...title, isUpright: true });
}

/** A number in a tip. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
