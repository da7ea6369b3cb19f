/** How a line or dot looks. */
export interface Ink {
  readonly colour: string;
  readonly width?: number;
  readonly opacity?: number;
}

export interface Lettering {
  readonly colour: string;
  readonly size: number;
  readonly align?: 'start' | 'middle' | 'end';
  readonly isBold?: boolean;
  /** Turned by a quarter, to be read from below. */
  readonly isUpright?: boolean;
}

/** What charts are drawn on: the screen, or a picture to keep. Pixels from the top left. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  /** Many lines of one look: x and y in turn. */
  lines(lines: readonly (readonly number[])[], ink: Ink): void;
  /** Many dots of one look: x and y in turn. */
  dots(points: readonly number[], radius: number, ink: Ink): void;
  box(x: number, y: number, width: number, height: number, ink: Ink): void;
  text(text: string, x: number, y: number, lettering: Lettering): void;
  /** What `draw` draws is seen within a box only. */
  within(x: number, y: number, width: number, height: number, draw: () => void): void;
}

/** Lines in one path: a browser takes longer than in proportion for longer ones. */
const LINES_PER_PATH = 200;

export class CanvasSurface implements Surface {
  readonly width: number;
  readonly height: number;
  private readonly context: CanvasRenderingContext2D;

  /** Sizes the canvas to its place on the page, and clears it. */
  constructor(
    canvas: HTMLCanvasElement,
    private readonly font: string,
    size: { readonly width: number; readonly height: number },
    ratio = window.devicePixelRatio || 1,
  ) {
    this.width = size.width;
    this.height = size.height;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This browser draws no pictures.');
    this.context = context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.lineJoin = 'round';
  }

  lines(lines: readonly (readonly number[])[], { colour, width = 1, opacity = 1 }: Ink): void {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.globalAlpha = opacity;
    for (let from = 0; from < lines.length; from += LINES_PER_PATH) {
      context.beginPath();
      for (const line of lines.slice(from, from + LINES_PER_PATH)) {
        for (let i = 0; i + 1 < line.length; i += 2) {
          if (i === 0) context.moveTo(line[0] ?? 0, line[1] ?? 0);
          else context.lineTo(line[i] ?? 0, line[i + 1] ?? 0);
        }
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  dots(points: readonly number[], radius: number, { colour, opacity = 1 }: Ink): void {
    const { context } = this;
    context.fillStyle = colour;
    context.globalAlpha = opacity;
    for (let i = 0; i + 1 < points.length; i += 2) {
      context.beginPath();
      context.arc(points[i] ?? 0, points[i + 1] ?? 0, radius, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  box(x: number, y: number, width: number, height: number, { colour, opacity = 1 }: Ink): void {
    this.context.fillStyle = colour;
    this.context.globalAlpha = opacity;
    this.context.fillRect(x, y, width, height);
    this.context.globalAlpha = 1;
  }

  text(text: string, x: number, y: number, lettering: Lettering): void {
    const { context } = this;
    context.save();
    context.fillStyle = lettering.colour;
    context.font = `${lettering.isBold ? '600 ' : ''}${lettering.size}px ${this.font}`;
    context.textAlign = lettering.align === 'middle' ? 'center' : (lettering.align ?? 'start');
    context.textBaseline = 'middle';
    context.translate(x, y);
    if (lettering.isUpright) context.rotate(-Math.PI / 2);
    context.fillText(text, 0, 0);
    context.restore();
  }

  within(x: number, y: number, width: number, height: number, draw: () => void): void {
    this.context.save();
    this.context.beginPath();
    this.context.rect(x, y, width, height);
    this.context.clip();
    draw();
    this.context.restore();
  }
}

/** Writes the picture as SVG. */
export class SvgSurface implements Surface {
  private readonly parts: string[] = [];
  private clips = 0;

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly font: string,
  ) {}

  lines(lines: readonly (readonly number[])[], { colour, width = 1, opacity = 1 }: Ink): void {
    const path = lines.filter((line) => line.length > 2).map((line) => `M${pairs(line)}`);
    if (path.length === 0) return;
    this.parts.push(
      `<path d="${path.join('')}" fill="none" stroke="${escapeXml(colour)}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linejoin="round"/>`,
    );
  }

  dots(points: readonly number[], radius: number, { colour, opacity = 1 }: Ink): void {
    for (let i = 0; i + 1 < points.length; i += 2)
      this.parts.push(
        `<circle cx="${short(points[i])}" cy="${short(points[i + 1])}" r="${radius}" fill="${escapeXml(colour)}" fill-opacity="${opacity}"/>`,
      );
  }

  box(x: number, y: number, width: number, height: number, { colour, opacity = 1 }: Ink): void {
    this.parts.push(
      `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" fill="${escapeXml(colour)}" fill-opacity="${opacity}"/>`,
    );
  }

  text(
    text: string,
    x: number,
    y: number,
    { colour, size, align = 'start', isBold, isUpright }: Lettering,
  ): void {
    const turned = isUpright ? ` transform="rotate(-90 ${short(x)} ${short(y)})"` : '';
    const weight = isBold ? ' font-weight="600"' : '';
    this.parts.push(
      `<text x="${short(x)}" y="${short(y)}" fill="${escapeXml(colour)}" font-size="${size}" text-anchor="${align}" dominant-baseline="central"${weight}${turned}>${escapeXml(text)}</text>`,
    );
  }

  within(x: number, y: number, width: number, height: number, draw: () => void): void {
    const id = `clip${++this.clips}`;
    this.parts.push(
      `<clipPath id="${id}"><rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"/></clipPath><g clip-path="url(#${id})">`,
    );
    draw();
    this.parts.push('</g>');
  }

  toString(): string {
    const { width, height, font } = this;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escapeXml(font)}">${this.parts.join('\n')}</svg>\n`;
  }
}

function pairs(line: readonly number[]): string {
  const points: string[] = [];
  for (let i = 0; i + 1 < line.length; i += 2) points.push(`${short(line[i])} ${short(line[i + 1])}`);
  return points.join('L');
}

function short(value: number | undefined): string {
  return String(Math.round((value ?? 0) * 10) / 10);
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
