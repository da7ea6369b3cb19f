/**
 * Exponential smoothing without the bias to the first values, as TensorBoard does it. NaN stays NaN and is passed over.
 *
 * @param weight - of the past, 0 (none) to below 1
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let steps = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) {
      smoothed[i] = value;
      continue;
    }
    steps++;
    sum = sum * weight + (1 - weight) * value;
    smoothed[i] = weight === 0 ? value : sum / (1 - weight ** steps);
  }
  return smoothed;
}
