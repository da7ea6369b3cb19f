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

const VALIDATION = ['val', 'valid', 'validation', 'eval', 'dev'];
const SCORES = [
  'acc',
  'accuracy',
  'auc',
  'auroc',
  'f1',
  'score',
  'iou',
  'miou',
  'map',
  'dice',
  'bleu',
  'rouge',
  'psnr',
  'ssim',
  'precision',
  'recall',
  'r2',
];
const REWARDS = ['reward', 'return', 'returns', 'rewards'];
const LOSSES = ['loss', 'losses', 'nll'];
const ERRORS = [
  'err',
  'error',
  'errors',
  'mse',
  'mae',
  'rmse',
  'mape',
  'wer',
  'cer',
  'fid',
  'ppl',
  'perplexity',
  'bpb',
  'bpc',
];
const COSTS = ['cost', 'costs', 'regret', 'time', 'seconds', 'duration', 'latency', 'memory'];

/** Words of which a telling name has one of each list; the more telling, the earlier. */
const TELLING: readonly (readonly (readonly string[])[])[] = [
  [['objective', 'target']],
  [VALIDATION, SCORES],
  [VALIDATION, LOSSES],
  [VALIDATION],
  [['test'], SCORES],
  [[...SCORES, ...REWARDS]],
  [LOSSES],
  [ERRORS],
];

/** The metric that people most likely mean, by its name; undefined when there is none. @param metrics - names of metrics that are numbers */
export function guessObjective(metrics: readonly string[]): Objective | undefined {
  const candidates = metrics
    .filter((name) => !isStepName(name))
    .map((name) => ({ name, words: wordsOf(name) }));
  const found = TELLING.map((lists) =>
    candidates.find(({ words }) => lists.every((list) => words.some((word) => list.includes(word)))),
  ).find(Boolean);
  const metric = (found ?? candidates[0])?.name;
  return metric === undefined ? undefined : { metric, goal: guessGoal(metric), from: 'guessed' };
}

const SMALLER = new Set([...LOSSES, ...ERRORS, ...COSTS]);
const LARGER = new Set([...SCORES, ...REWARDS]);

/** Losses, errors and times are better when smaller. Of several words the last one says what is measured: `error_score`. */
export function guessGoal(metric: string): Goal {
  const telling = wordsOf(metric).findLast((word) => SMALLER.has(word) || LARGER.has(word));
  return telling !== undefined && SMALLER.has(telling) ? 'minimize' : 'maximize';
}

/** `val/top1_errLoss2` → val, top1, err, loss: the words of a name, without numbers behind them where those say nothing. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => (SMALLER.has(word) || LARGER.has(word) ? word : word.replace(/\d+$/u, '')))
    .flatMap(splitCompound);
}

/** `valloss`, `logloss`, `valacc`: written as one word often enough. */
function splitCompound(word: string): string[] {
  const [, front, back] =
    /^(val|valid|train|test|eval|dev|log|hinge|huber)(loss|acc|accuracy|error|err|auc)$/u.exec(word) ?? [];
  return front === undefined || back === undefined ? [word] : [front, back];
}
