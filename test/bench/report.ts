import type { Bench } from './contender';
import { median, type Series } from './rounds';

/** What a contender needs for one unit: medians over its runs. */
export interface Figures {
  readonly name: string;
  readonly note?: string;
  readonly units: number;
  readonly wallMsPerUnit: number;
  readonly cpuMsPerUnit?: number;
  readonly peakMiB?: number;
  readonly heldBytesPerUnit?: number;
  /** Units per second over those of the reference and of the limit: 2 is twice as fast. */
  readonly speedOverReference?: number;
  readonly speedOverLimit?: number;
}

/** Medians of each series, and ratios of those medians. */
export function toFigures(series: readonly Series[]): Figures[] {
  const reference = series.find(({ contender }) => contender.isReference);
  const limit = series.find(({ contender }) => contender.isLimit);
  return series.map((one) => ({
    name: one.contender.name,
    note: one.contender.note,
    units: one.contender.units,
    wallMsPerUnit: wallPerUnit(one),
    cpuMsPerUnit: perUnit(one, 'cpuMs'),
    peakMiB: medianOf(one, 'peakMiB'),
    heldBytesPerUnit: perUnit(one, 'heldBytes'),
    speedOverReference: reference && wallPerUnit(reference) / wallPerUnit(one),
    speedOverLimit: limit && wallPerUnit(limit) / wallPerUnit(one),
  }));
}

/** A Markdown table, then the notes. */
export function formatTable(bench: Bench, figures: readonly Figures[]): string {
  const holds = figures.some(({ heldBytesPerUnit }) => heldBytesPerUnit !== undefined);
  const head = [
    '',
    `${bench.unit}s/s`,
    `µs/${bench.unit}`,
    `CPU µs/${bench.unit}`,
    'MiB',
    ...(holds ? [`bytes/${bench.unit}`] : []),
    '× reference',
    '× limit',
  ];
  const rows = figures.map((row) => [
    row.name,
    Math.round(1000 / row.wallMsPerUnit).toLocaleString('en'),
    formatMicro(row.wallMsPerUnit),
    formatMicro(row.cpuMsPerUnit),
    row.peakMiB === undefined ? '' : row.peakMiB.toFixed(0),
    ...(holds ? [row.heldBytesPerUnit?.toFixed(1) ?? ''] : []),
    formatRatio(row.speedOverReference),
    formatRatio(row.speedOverLimit),
  ]);
  const table = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows];
  return [
    `## ${bench.name}`,
    '',
    ...table.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...figures.flatMap(({ name, note }) => (note === undefined ? [] : [`- ${name}: ${note}`])),
    ...bench.missing.map((text) => `- missing: ${text}`),
    '',
  ].join('\n');
}

type MeasuredValue = 'wallMs' | 'cpuMs' | 'peakMiB' | 'heldBytes';

function medianOf(series: Series, key: MeasuredValue): number | undefined {
  const values = series.runs.map((run) => run[key]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : median(values);
}

function perUnit(series: Series, key: MeasuredValue): number | undefined {
  const middle = medianOf(series, key);
  return middle === undefined ? undefined : middle / series.contender.units;
}

function wallPerUnit(series: Series): number {
  return perUnit(series, 'wallMs') ?? NaN;
}

function formatMicro(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms >= 0.01 ? Math.round(ms * 1000).toLocaleString('en') : (ms * 1000).toPrecision(2);
}

function formatRatio(ratio: number | undefined): string {
  return ratio === undefined ? '' : ratio.toFixed(2);
}
