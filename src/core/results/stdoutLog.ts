import type { LogSink } from './logSink';
import { readLines } from './readLines';
import type { ResultFiles } from './resultFiles';
import { isStepName, stepNameOf } from './stepNames';
import { parseCell, stepOf, type LogFile } from './textLogs';

/** Longer lines are progress bars or data. */
const MAX_LINE = 2000;
const MAX_BYTES = 8 * 1024 * 1024;

const NUMBER = String.raw`[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|[-+]?(?:nan|inf)`;
/** `val_loss=0.31`, `acc: 91.2`, `epoch 3`. */
const PAIR = new RegExp(
  String.raw`([A-Za-z_][\w./]{0,60})(?:\s*[=:]\s*|\s+(?=\d))(${NUMBER})(?![\w.])`,
  'giu',
);
/** Only names that measure something: output is full of other pairs of names and numbers. */
const MEASURES =
  /(?:^|[_./])(?:loss|acc|accuracy|error|err|auc|auroc|f1|mse|mae|rmse|nll|elbo|bleu|rouge|iou|map|miou|r2|dice|psnr|ssim|fid|ppl|perplexity|reward|return|score|precision|recall|bpb|bpc)(?:[_./]?\d+)?$/iu;

/**
 * Reads metrics off a program's output.
 *
 * @param patterns - each with named groups, which are the names of the metrics; a group that counts (`epoch`, `step`) is
 *   the step. None: pairs like `val_loss=0.31` are looked for, with names that measure.
 */
export async function readStdoutLog(
  files: ResultFiles,
  file: LogFile,
  patterns: readonly RegExp[],
  sink: LogSink,
): Promise<void> {
  let count = 0;
  for await (const { lines } of readLines(files, file.path, MAX_BYTES)) {
    for (const line of lines) {
      const text = line.slice(0, MAX_LINE);
      const pairs = patterns.length === 0 ? findPairs(text) : matchPatterns(text, patterns);
      if (pairs.size === 0) continue;
      const stepName = stepNameOf(pairs.keys());
      const step = stepOf(stepName === undefined ? undefined : parseCell(pairs.get(stepName) ?? ''), count++);
      for (const [name, value] of pairs) sink.value(name, step, parseCell(value));
    }
  }
}

function matchPatterns(line: string, patterns: readonly RegExp[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const pattern of patterns) {
    // Typed as if every group took part in every match.
    const groups: Readonly<Record<string, string | undefined>> = pattern.exec(line)?.groups ?? {};
    for (const [name, text] of Object.entries(groups)) if (text !== undefined) pairs.set(name, text.trim());
  }
  return pairs;
}

function findPairs(line: string): Map<string, string> {
  const found = [...line.matchAll(PAIR)].map(([, name = '', value = '']): [string, string] => [name, value]);
  const measures = found.some(([name]) => MEASURES.test(name));
  if (!measures) return new Map();
  return new Map(found.filter(([name]) => MEASURES.test(name) || isStepName(name)));
}
