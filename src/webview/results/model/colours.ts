/** Viridis at nine places: even to the eye, also for those who see fewer colours. */
const VIRIDIS = [
  '#440154',
  '#472d7b',
  '#3b528b',
  '#2c728e',
  '#21918c',
  '#28ae80',
  '#5ec962',
  '#addc30',
  '#fde725',
];

/** Colours that are drawn: few, so that lines of one colour are drawn together. */
export const SHADES = 32;

/**
 * Colours from the worst to the best. On a dark ground the best is bright, on a light one dark; the end that would sink
 * into the ground is left out.
 */
export function shades(isDark: boolean, isHighContrast = false): string[] {
  const least = isHighContrast ? 0.4 : 0.16;
  return Array.from({ length: SHADES }, (_, index) => {
    const goodness = index / (SHADES - 1);
    return viridis(isDark ? least + (1 - least) * goodness : (isHighContrast ? 0.6 : 0.86) * (1 - goodness));
  });
}

function viridis(place: number): string {
  const at = Math.min(1, Math.max(0, place)) * (VIRIDIS.length - 1);
  const low = Math.min(Math.floor(at), VIRIDIS.length - 2);
  const [from, to] = [channels(VIRIDIS[low]), channels(VIRIDIS[low + 1])];
  const mixed = from.map((value, index) => Math.round(value + (at - low) * ((to[index] ?? 0) - value)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour = '#000000'): number[] {
  return [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
}

/** Which shade a value has. Undefined without a value. By rank between the extremes that lie within the bulk. */
export function makeShading(
  values: Float64Array,
  goal: 'minimize' | 'maximize',
): (value: number) => number | undefined {
  const sorted = values.filter(Number.isFinite).sort();
  // One diverged task must not make all others the same colour.
  const low = quantile(sorted, 0.02);
  const high = quantile(sorted, 0.98);
  return (value) => {
    if (Number.isNaN(value)) return undefined;
    const place = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
    return Math.round((goal === 'minimize' ? 1 - place : place) * (SHADES - 1));
  };
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
}
