import { parsePythonJson } from './pythonJson';
import { isStepName } from './stepNames';

export type Goal = 'minimize' | 'maximize';

/** What a sweep is after. */
export interface Objective {
  /** Name of a metric. */
  readonly metric: string;
  readonly goal: Goal;
  /** Who said so: chosen for this sweep, written in the configuration, or guessed from the names of the metrics. */
  readonly from: 'chosen' | 'configured' | 'guessed';
}

/** `objective.json` in a sweep's directory. */
export const OBJECTIVE_FILE = 'objective.json';

export function formatObjective({ metric, goal }: Pick<Objective, 'metric' | 'goal'>): string {
  return `${JSON.stringify({ metric, goal }, undefined, 2)}\n`;
}

/** What {@link formatObjective} wrote; undefined for anything else. */
export function parseObjective(text: string): Objective | undefined {
  try {
    const value = parsePythonJson(text);
    if (typeof value !== 'object' || value === null || !('metric' in value) || !('goal' in value))
      return undefined;
    const { metric, goal } = value;
    if (typeof metric !== 'string' || (goal !== 'minimize' && goal !== 'maximize')) return undefined;
    return { metric, goal, from: 'chosen' };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The more telling, the earlier. */
const TELLING = [
  /^(?:objective|target)$/iu,
  /val.*(?:acc|auc|f1|score|iou|map\b)/iu,
  /(?:val|valid|validation|eval|dev).*loss/iu,
  /(?:val|valid|validation|eval|dev)/iu,
  /test.*(?:acc|auc|f1|score)/iu,
  /(?:acc|auc|f1|score|reward|return)/iu,
  /loss/iu,
  /(?:error|mse|mae|rmse|nll|ppl|perplexity)/iu,
];

/** The metric that people most likely mean, by its name; undefined when there is none. */
export function guessObjective(metrics: readonly string[]): Objective | undefined {
  const candidates = metrics.filter((name) => !isStepName(name));
  const found = TELLING.map((pattern) => candidates.find((name) => pattern.test(name))).find(Boolean);
  const metric = found ?? candidates[0];
  return metric === undefined ? undefined : { metric, goal: guessGoal(metric), from: 'guessed' };
}

/** Losses, errors and times are better when smaller. */
export function guessGoal(metric: string): Goal {
  return /loss|err|mse|mae|rmse|nll|ppl|perplexity|fid|bpb|bpc|cost|regret|time|seconds|latency|memory/iu.test(
    metric,
  )
    ? 'minimize'
    : 'maximize';
}
