import type { ResultRow, ResultTable } from './resultTable';

/** Gathers rows, in any order, into a table. */
export function buildResultTable(rows: readonly ResultRow[]): ResultTable {
  const ordered = [...rows].sort((a, b) => a.number - b.number);
  return {
    parameterNames: namesOf(ordered.map((row) => row.parameters)),
    metricNames: namesOf(ordered.map((row) => row.metrics)),
    rows: ordered,
  };
}

function namesOf(records: readonly Readonly<Record<string, unknown>>[]): string[] {
  const names = new Set<string>();
  for (const record of records) for (const name of Object.keys(record)) names.add(name);
  return [...names];
}
