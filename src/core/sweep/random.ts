import type { NumberValue, ParameterValue } from './value';

/** How a random parameter is drawn. Bounds of `int` belong to the range. */
export type Distribution =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'log_uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'int'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'choice'; readonly values: readonly ParameterValue[] };

/** The draws of one parameter: index from 0 → value. */
export type Draws = (index: number) => ParameterValue;

/**
 * The draws of a parameter. Each is a function of seed, name and index alone, so that more samples keep the first
 * ones and another parameter changes nothing. Sweeps are extended by drawing again: this must never change.
 */
export function drawsOf(distribution: Distribution, seed: number, name: string): Draws {
  const random = uniformSource(seed, name);
  switch (distribution.kind) {
    case 'uniform': {
      const { low, high } = distribution;
      return (index) => floatValue(low + random(index, 0) * (high - low));
    }
    case 'log_uniform': {
      const [low, high] = [Math.log(distribution.low), Math.log(distribution.high)];
      return (index) => floatValue(clamp(Math.exp(low + random(index, 0) * (high - low)), distribution));
    }
    case 'int': {
      const { low, high } = distribution;
      return (index) => integerValue(Math.min(high, low + Math.floor(random(index, 0) * (high - low + 1))));
    }
    case 'normal':
      return (index) => floatValue(distribution.mean + distribution.deviation * normal(random, index));
    case 'choice': {
      const { values } = distribution;
      return (index) => values[Math.floor(random(index, 0) * values.length)] ?? null;
    }
  }
}

/** Whether draws can be equal other than by an accident that nobody will live to see. */
export function isDiscrete(distribution: Distribution): boolean {
  return distribution.kind === 'int' || distribution.kind === 'choice';
}

/** A float with the shortest text that reads back exactly, and that is never taken for a whole number. */
export function floatValue(number: number): NumberValue {
  const text = String(number);
  return { number, text: /^-?\d+$/.test(text) ? `${text}.0` : text };
}

function integerValue(number: number): NumberValue {
  return { number, text: String(number) };
}

/** Rounding may leave the range by a last digit. */
function clamp(number: number, { low, high }: { low: number; high: number }): number {
  return Math.min(high, Math.max(low, number));
}

/** Box-Muller. */
function normal(random: ReturnType<typeof uniformSource>, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random(index, 0)));
  return radius * Math.cos(2 * Math.PI * random(index, 1));
}

/** Numbers in [0, 1) with 53 random bits: a hash of seed, name, index and `lane`, for several numbers per draw. */
function uniformSource(seed: number, name: string): (index: number, lane: number) => number {
  const key = `${String(seed)}\n${name}`;
  const [first, second] = [hashText(key, 0x2545f491), hashText(key, 0x9e3779b9)];
  return (index, lane) => {
    const counter = mix(index ^ Math.imul(lane + 1, 0x85157af5));
    const high = mix(first ^ counter);
    const low = mix((second + counter) ^ high);
    return ((high >>> 0) * 2 ** 21 + (low >>> 11)) / 2 ** 53;
  };
}

function hashText(text: string, start: number): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) hash = mix(Math.imul(hash, 31) + text.charCodeAt(index));
  return hash;
}

/** The finalizer of MurmurHash3: every bit of the input changes half of the bits of the output. */
function mix(bits: number): number {
  let hash = bits | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
