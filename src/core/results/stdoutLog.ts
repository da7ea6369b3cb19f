import type { JsonValue } from '../sweep/value';
import { matchHere, type LineMatcher, type NamedTexts } from './lineMatcher';
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

/** What to look for on the output. */
export interface OutputRules {
  /**
   * Each with named groups, which are the names of the metrics; a group that counts (`epoch`, `step`) is the step. None:
   * pairs like `val_loss=0.31` are looked for, with names that measure.
   */
  readonly patterns: readonly RegExp[];
  /** Default: without a limit of time. */
  readonly matcher?: LineMatcher;
}

/**
 * Reads metrics off a program's output.
 *
 * @returns what is wrong, sentences
 */
export async function readStdoutLog(
  files: ResultFiles,
  file: LogFile,
  { patterns, matcher = matchHere }: OutputRules,
  sink: LogSink,
): Promise<string[]> {
  const slow = new Set<RegExp>();
  let count = 0;
  for await (const { lines } of readLines(files, file.path, MAX_BYTES)) {
    const texts = lines.map((line) => line.slice(0, MAX_LINE));
    const found =
      patterns.length === 0
        ? { lines: texts.map(findPairs), tooSlow: [] }
        : await matcher.match(patterns, texts);
    for (const pattern of found.tooSlow) slow.add(pattern);
    for (const pairs of found.lines) {
      const names = Object.keys(pairs);
      if (names.length === 0) continue;
      const stepName = stepNameOf(names);
      const step = stepOf(stepName === undefined ? undefined : valueOf(pairs[stepName]), count++);
      for (const name of names) sink.value(name, step, valueOf(pairs[name]));
    }
  }
  return Array.from(slow, tooSlow);
}

function tooSlow({ source }: RegExp): string {
  return `The pattern /${source}/ takes too long on some line of the output, so it is not looked for any more. Make it simpler: put something fixed between two repetitions of the same signs.`;
}

function valueOf(text = ''): JsonValue {
  return parseCell(text.trim());
}

function findPairs(line: string): NamedTexts {
  const found = [...line.matchAll(PAIR)].map(([, name = '', value = '']): [string, string] => [name, value]);
  const measures = found.some(([name]) => MEASURES.test(name));
  if (!measures) return {};
  return Object.fromEntries(found.filter(([name]) => MEASURES.test(name) || isStepName(name)));
}
