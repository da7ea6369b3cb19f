/**
 * A value as JSON, where numbers that JSON has not are the texts "NaN", "Infinity" and "-Infinity": `null` would be taken
 * for nothing.
 *
 * @param indent - spaces for each level; default: one line
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'number' && !Number.isFinite(item) ? String(item) : item),
    indent,
  );
}
