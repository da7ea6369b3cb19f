import type { Parsed } from '../sweep/problem';
import { readArguments, withoutAbsent } from '../sweep/readRun';
import type { ArgumentStyle } from '../sweep/runOptions';
import { Fields } from '../sweep/yaml/fields';
import { readYaml } from '../sweep/yaml/readYaml';
import { isNothing, kindText } from '../sweep/yaml/yamlNode';
import { readResults, type ResultSettings } from './readResults';
import { readSource } from './readSource';
import { DEFAULT_SYNC_SETTINGS, type SyncSettings } from '../sync/syncSettings';
import { readSync } from './readSync';
import { completeSource, type SourceConfig, type SourceFields } from './sourceConfig';

/** What runs, by the `project:` block. Paths are text as written: `~` and `$VAR` are not expanded. */
export interface ProjectSettings {
  /** Used by sweep files without a `script` of their own. Relative to the project's root. */
  readonly script?: string;
  /** Interpreter for scripts that end in `.py`. Default `python3`. */
  readonly python: string;
  /** The folder that takes sweep directories, relative to the project's root. Default `outputs`. */
  readonly output: string;
  /** How parameters reach the program, or a command template (see `RunOptions.command`). Default `hydra`. */
  readonly arguments: ArgumentStyle | readonly string[];
  /**
   * Whether `output.dir` and `hydra.run.dir` are added in the style `hydra`. Default true. `add`: `output.dir` with Hydra's
   * `++`, which is found out by the script, see `settingsForScript`; a file says true or false.
   */
  readonly outputDirArguments: boolean | 'add';
}

/** One configuration file as it is: only what it says. */
export interface ProjectFile {
  readonly project: Partial<ProjectSettings>;
  /** By name, in the order of the file. */
  readonly sources: Readonly<Record<string, SourceFields>>;
  readonly results: ResultSettings;
  readonly sync: Partial<SyncSettings>;
  /** Sweeps with more tasks than this are refused unless asked for. */
  readonly maxTasks?: number;
}

/** The configuration in effect. */
export interface ProjectConfig {
  readonly project: ProjectSettings;
  /** By name, the machine's first; at least one unless all are incomplete. */
  readonly sources: Readonly<Record<string, SourceConfig>>;
  /** Default 100,000. */
  readonly maxTasks: number;
  readonly results: ResultSettings;
  readonly sync: SyncSettings;
  /** Sources that cannot be used because no file says all that their type needs. */
  readonly incomplete: readonly { readonly source: string; readonly reason: string }[];
}

const DEFAULTS: ProjectSettings = {
  python: 'python3',
  output: 'outputs',
  arguments: 'hydra',
  outputDirArguments: true,
};
const DEFAULT_MAX_TASKS = 100_000;

/** The Python tool's blocks, with where the same is said here. */
const FOREIGN: Readonly<Record<string, string>> = {
  local: 'sources.<name>: { type: local }',
  slurm: 'sources.<name>: { type: slurm }',
  distributed: 'sources',
  remotes: 'sources',
  compute: 'sources',
  hpc: 'sources',
  paths: 'project',
  wandb: 'the arguments of the program itself',
};

/** Reads `.hsm/config.yaml` or `~/.hsm/config.yaml`. An empty file says nothing, which is fine. */
export function parseConfig(text: string): Parsed<ProjectFile> {
  const { root, problems } = readYaml(text);
  if (!root || isNothing(root)) {
    const value =
      problems.problems.length === 0 ? { project: {}, sources: {}, results: {}, sync: {} } : undefined;
    return { ...(value && { value }), problems: problems.problems };
  }
  if (root.kind !== 'map') {
    problems.error('not-a-map', root, `A configuration file must be a map, but this is ${kindText(root)}.`);
    return { problems: problems.problems };
  }
  const value = readFile(new Fields(root, '', problems));
  return { value, problems: problems.problems };
}

/**
 * Puts the project's file over the machine's, field by field; lists and maps of variables are replaced whole. Without
 * any source there is one, `local`.
 */
export function mergeConfigs(machine?: ProjectFile, project?: ProjectFile): ProjectConfig {
  const sources: Record<string, SourceConfig> = {};
  const incomplete: { source: string; reason: string }[] = [];
  for (const name of new Set([
    ...Object.keys(machine?.sources ?? {}),
    ...Object.keys(project?.sources ?? {}),
  ])) {
    const source = completeSource({ ...machine?.sources[name], ...project?.sources[name] });
    if (typeof source === 'string') incomplete.push({ source: name, reason: source });
    else sources[name] = source;
  }
  const isConfigured = Object.keys(sources).length + incomplete.length > 0;
  return {
    project: { ...DEFAULTS, ...machine?.project, ...project?.project },
    sources: isConfigured ? sources : { local: { type: 'local', env: {}, setup: [] } },
    maxTasks: project?.maxTasks ?? machine?.maxTasks ?? DEFAULT_MAX_TASKS,
    results: { ...machine?.results, ...project?.results },
    sync: { ...DEFAULT_SYNC_SETTINGS, ...machine?.sync, ...project?.sync },
    incomplete,
  };
}

function readFile(top: Fields): ProjectFile {
  const project = top.fields('project');
  const maxTasks = top.integer('max_tasks', { min: 1 });
  const value = {
    project: project ? readProject(project) : {},
    sources: readSources(top.fields('sources')),
    results: readResults(top.fields('results')),
    sync: readSync(top.fields('sync')),
    ...(maxTasks !== undefined && { maxTasks }),
  };
  reportForeign(top);
  top.reportUnknown(['project.script', 'project.python', 'project.output', 'project.arguments']);
  return value;
}

function readProject(fields: Fields): Partial<ProjectSettings> {
  const { style, template } = readArguments(fields);
  const settings = withoutAbsent({
    script: fields.text('script'),
    python: fields.text('python'),
    output: fields.text('output'),
    arguments: style ?? template,
    outputDirArguments: fields.flag('output_dir_arguments'),
  });
  fields.reportUnknown(['max_tasks']);
  // Typed as if absent keys were present and undefined; they are gone.
  return settings;
}

function readSources(fields: Fields | undefined): Readonly<Record<string, SourceFields>> {
  const sources: [string, SourceFields][] = [];
  for (const { key, keySpan } of fields?.map.entries ?? []) {
    const source = fields?.fields(key);
    if (source) sources.push([key, readSource(source, keySpan)]);
  }
  return Object.fromEntries(sources);
}

/** The Python tool's file has the same name but another shape; nothing of it is read, so it says so by name. */
function reportForeign(top: Fields): void {
  for (const [key, place] of Object.entries(FOREIGN)) {
    const entry = top.entry(key);
    if (!entry) continue;
    const message = `\`${key}\` is not a known key, so it is ignored. It belongs to the Python HPC Sweep Manager.`;
    top.problems.warning('unknown-key', entry.keySpan, message, `Here this is written under \`${place}\`.`);
  }
}
