import { isConfigured, matchesGlob, type MetricRules } from './metricRules';
import type { ResultFiles } from './resultFiles';

/** A file of a task that may hold metrics. */
export interface MetricFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the task's directory, with `/`. */
  readonly name: string;
  readonly format: 'json' | 'csv' | 'jsonl' | 'events' | 'stdout';
  /** Final values, or a log by step. */
  readonly role: 'final' | 'log';
  readonly how: 'found' | 'configured';
  /** The name says nothing: it counts only with a column of steps. */
  readonly onlyWithSteps?: boolean;
}

/** What a look into a task's directory came to. */
export interface FoundFiles {
  readonly files: readonly MetricFile[];
  /** What was passed over that somebody may miss who finds no metrics; a sentence. */
  readonly remark?: string;
}

/** Bounds of the look into a task's directory: checkpoints and data lie there too. */
const MAX_DEPTH = 5;
const MAX_DIRECTORIES = 60;
const MAX_FILES = 200;
const PASSED_OVER = /^(?:\.|__pycache__$|node_modules$|checkpoints?$|ckpts?$|artifacts$|media$|code$)/u;
/** What the runner writes into a task's directory. */
const OWN_RECORDS = new Set(['attempts.jsonl', 'params.yaml', 'failure.txt']);

/** Files with a task's final values; a name in an earlier one is not replaced by a later one's. */
const FINAL_NAMES = [
  'metrics.json',
  'results.json',
  'all_results.json',
  'eval_results.json',
  'wandb-summary.json',
];
const LOG_NAME =
  /^(?:metrics?|history|progress|results?|log|logs|training(?:_?log)?|train|val|valid|validation|test|eval|scalars)\.(?:csv|jsonl)$/iu;
const EVENTS = 'events.out.tfevents.';
/** Written by the runner into every task's directory. */
const OWN_RECORD = 'attempts.jsonl';

/**
 * Looks for files with metrics in a task's directory. Of runs in a row (`version_0`, `version_1`; W&B's dated folders)
 * only the last is taken. Final values come first, then logs in the order of their names. Where none lie in the directory
 * itself, those in a folder below count, if only one has any.
 */
export async function findMetricFiles(
  files: ResultFiles,
  dir: string,
  rules: MetricRules,
): Promise<FoundFiles> {
  const { names, isCut } = await walk(files, dir);
  const all = names.filter((name) => !OWN_RECORDS.has(name));
  const below = isConfigured(rules) ? [] : finalsBelow(all);
  const judge = isConfigured(rules) ? configuredFile : foundFile;
  const chosen = all.flatMap((name) => judge(name, `${dir}/${name}`, rules) ?? []);
  const folders = [...new Set(below.map(folderOf))];
  if (folders.length === 1) chosen.push(...below.map((name) => finalFile(name, `${dir}/${name}`)));
  const rank = ({ role, name }: MetricFile): number =>
    role === 'log' ? 99 : FINAL_NAMES.indexOf(baseOf(name));
  const sorted = chosen.slice(0, MAX_FILES).sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const remark = remarkOn(below, folders, isCut);
  return { files: sorted, ...(remark !== undefined && { remark }) };
}

/** Final values in folders, where there are none outside. */
function finalsBelow(names: readonly string[]): string[] {
  const finals = names.filter((name) => FINAL_NAMES.includes(baseOf(name)));
  if (finals.some((name) => name === baseOf(name) || baseOf(name) === 'wandb-summary.json')) return [];
  return finals;
}

function remarkOn(below: readonly string[], folders: readonly string[], isCut: boolean): string | undefined {
  if (folders.length > 1) {
    const named = below.slice(0, 2).join(', ');
    return `Several folders have final values (${named}${below.length > 2 ? ', …' : ''}), so none of them count; \`results: { metrics: [FILE] }\` says which are meant.`;
  }
  if (!isCut) return undefined;
  return `Metrics were looked for in the first ${MAX_DEPTH} levels of folders, and in ${MAX_DIRECTORIES} folders at most; this task has more.`;
}

function folderOf(name: string): string {
  return name.slice(0, -baseOf(name).length);
}

function configuredFile(name: string, path: string, rules: MetricRules): MetricFile | undefined {
  const how = 'configured';
  if (name === 'stdout.log' && rules.patterns.length > 0)
    return { path, name, how, format: 'stdout', role: 'log' };
  if (!rules.files.some((glob) => matchesGlob(glob, name))) return undefined;
  const format = formatOf(name);
  return format && { path, name, how, format, role: format === 'json' ? 'final' : 'log' };
}

function foundFile(name: string, path: string): MetricFile | undefined {
  const base = baseOf(name);
  const how = 'found';
  if (base === 'wandb-summary.json' || (FINAL_NAMES.includes(base) && name === base))
    return finalFile(name, path);
  const format = formatOf(name);
  if (format === undefined || format === 'json' || name === OWN_RECORD) return undefined;
  if (format === 'events' || LOG_NAME.test(base)) return { path, name, how, format, role: 'log' };
  return name === base ? { path, name, how, format, role: 'log', onlyWithSteps: true } : undefined;
}

function finalFile(name: string, path: string): MetricFile {
  return { path, name, how: 'found', format: 'json', role: 'final' };
}

function formatOf(name: string): 'json' | 'csv' | 'jsonl' | 'events' | undefined {
  if (baseOf(name).startsWith(EVENTS)) return 'events';
  const ending = /\.(json|csv|jsonl|ndjson)$/iu.exec(name)?.[1]?.toLowerCase();
  if (ending === 'ndjson') return 'jsonl';
  return ending === 'json' || ending === 'csv' || ending === 'jsonl' ? ending : undefined;
}

/** Names of files below a directory, relative to it, breadth first; and whether there are folders that were not looked into. */
async function walk(files: ResultFiles, root: string): Promise<{ names: string[]; isCut: boolean }> {
  const names: string[] = [];
  let level = [''];
  let visited = 0;
  let isCut = false;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const below: string[] = [];
    isCut ||= level.length > MAX_DIRECTORIES - visited;
    for (const prefix of level.slice(0, MAX_DIRECTORIES - visited)) {
      visited++;
      const entries = await files.entries(prefix === '' ? root : `${root}/${prefix.slice(0, -1)}`);
      // One by one: a directory can hold more files than a call can have arguments.
      for (const { name, isDirectory } of entries) if (!isDirectory) names.push(prefix + name);
      const dirs = entries.filter((entry) => entry.isDirectory).map(({ name }) => name);
      for (const name of lastRuns(dirs.filter((dir) => !PASSED_OVER.test(dir))))
        below.push(`${prefix}${name}/`);
    }
    level = below.sort();
  }
  return { names, isCut: isCut || level.length > 0 };
}

/** Lightning's, W&B's, and those of PyTorch's SummaryWriter: `Nov22_12-01-45_host`. */
const RUNS = [/^version_\d+$/u, /^(?:offline-)?run-\d{8}_\d{6}-/u, /^[A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d_/u];

/** Of folders of runs in a row the last of each kind; others as they are. */
function lastRuns(names: readonly string[]): string[] {
  const last = new Map<string, string>();
  for (const name of names) {
    const kind = RUNS.find((pattern) => pattern.test(name))?.source ?? name;
    const rival = last.get(kind);
    if (rival === undefined || rival.localeCompare(name, 'en', { numeric: true }) < 0) last.set(kind, name);
  }
  return [...last.values()];
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The name of a file without folders and ending. */
export function stemOf({ name }: MetricFile): string {
  return baseOf(name).replace(/\.\w+$/u, '');
}
