import { readFileSync } from 'node:fs';
import path from 'node:path';

const FILE = path.resolve(import.meta.dirname, '../../../fixtures/vectors/hsm_vectors.json');

/** The text of the vectors of the Python tool's behaviour; they are YAML too, so that numbers can keep their text. */
export const VECTORS_TEXT = readFileSync(FILE, 'utf8');

/** One group of vectors, of the shape that the caller knows it to have. */
export function vectorGroup(name: string): unknown {
  const groups = JSON.parse(VECTORS_TEXT) as Record<string, unknown>;
  if (!(name in groups)) throw new Error(`no group of vectors ${name}`);
  return groups[name];
}
