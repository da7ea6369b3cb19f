import type { Goal } from '../results/objective';
import { parseMetricRule } from '../results/metricRules';
import { withoutAbsent } from '../sweep/readRun';
import type { Fields } from '../sweep/yaml/fields';

/** What the `results:` block says. */
export interface ResultSettings {
  /** Globs of files in a task's directory, and `/patterns/` for its output. Absent: metrics are looked for. */
  readonly metrics?: readonly string[];
  /** The metric that sweeps are after. */
  readonly objective?: string;
  readonly goal?: Goal;
}

/** Reads `results: { metrics: [metrics.json, "/loss=(?<loss>\S+)/"], objective: val.loss, goal: minimize }`. */
export function readResults(fields: Fields | undefined): ResultSettings {
  if (!fields) return {};
  const settings = withoutAbsent({
    metrics: readMetrics(fields),
    objective: fields.text('objective'),
    goal: fields.oneOf('goal', ['minimize', 'maximize']),
  });
  fields.reportUnknown();
  return settings;
}

function readMetrics(fields: Fields): readonly string[] | undefined {
  const node = fields.node('metrics');
  const texts = fields.texts('metrics');
  if (node?.kind !== 'list' || !texts) return undefined;
  return texts.filter((text, index) => {
    const rule = parseMetricRule(text);
    if (typeof rule !== 'string') return true;
    const message = `\`results.metrics\`: ${text} is no pattern: ${rule}`;
    fields.problems.error('bad-value', node.items[index] ?? node, message);
    return false;
  });
}
