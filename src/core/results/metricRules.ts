import type { LineMatcher } from './lineMatcher';
import { endlessPart } from './patternCost';

/** Where metrics are looked for, as the `results:` block says. */
export interface MetricRules {
  /** Globs of files, relative to a task's directory. With any of them or a pattern, nothing else is looked for. */
  readonly files: readonly string[];
  /** On the program's output; with named groups. */
  readonly patterns: readonly RegExp[];
  /** What looks for them. Absent: nothing limits how long it takes. */
  readonly matcher?: LineMatcher;
}

/** What is looked for when nothing is configured. */
export const FIND_METRICS: MetricRules = { files: [], patterns: [] };

export function isConfigured({ files, patterns }: MetricRules): boolean {
  return files.length + patterns.length > 0;
}

/**
 * Reads one entry of `results.metrics`: `/epoch (?<epoch>\d+) loss (?<loss>\S+)/` is a pattern for the output, all else a
 * glob of files.
 *
 * @returns the rule, or what is wrong with the entry
 */
export function parseMetricRule(text: string): { file: string } | { pattern: RegExp } | string {
  const body = /^\/(.+)\/$/su.exec(text)?.[1];
  if (body === undefined) return { file: text };
  try {
    const pattern = new RegExp(body, 'u');
    const names = /\(\?<(?![=!])/u.test(body);
    if (!names) return 'A pattern needs a named group for each metric, e.g. `/loss=(?<loss>\\S+)/`.';
    const endless = endlessPart(body);
    if (endless === undefined) return { pattern };
    return `\`${endless}\` could share a text out among its repetitions in so many ways that an unlucky line would take for ever. Repeat only parts of a fixed length, or one class of characters as in \`[\\w ]*\`, and put something fixed between two \`.*\`.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether a path fits a glob: `*` and `?` within a name, `**` across folders, `{a,b}` either. */
export function matchesGlob(glob: string, path: string): boolean {
  const cleaned = glob.replace(/^\.\//u, '');
  const source = cleaned.replaceAll(
    /\*\*\/|\*\*|\*|\?|\{|\}|,|[.+^$()|[\]\\]/gu,
    (token) => GLOB_PARTS[token] ?? `\\${token}`,
  );
  try {
    return new RegExp(`^${source}$`, 'u').test(path);
  } catch (error) {
    // Braces that do not match: then nothing does.
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const GLOB_PARTS: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(?:',
  '}': ')',
  ',': '|',
};
