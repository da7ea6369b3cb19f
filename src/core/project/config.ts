import type { Parsed } from '../sweep/problem';
import type { ArgumentStyle } from '../sweep/runOptions';
import type { SourceConfig, SourceFields } from './sourceConfig';

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
  /** Whether `output.dir` and `hydra.run.dir` are added in the style `hydra`. Default true. */
  readonly outputDirArguments: boolean;
}

/** One configuration file as it is: only what it says. */
export interface ProjectFile {
  readonly project: Partial<ProjectSettings>;
  /** By name, in the order of the file. */
  readonly sources: Readonly<Record<string, SourceFields>>;
  /** Sweeps with more tasks than this are refused unless asked for. */
  readonly maxTasks?: number;
}

/** The configuration in effect. */
export interface ProjectConfig {
  readonly project: ProjectSettings;
  /** By name, in the order of the files; at least one. */
  readonly sources: Readonly<Record<string, SourceConfig>>;
  /** Default 100,000. */
  readonly maxTasks: number;
  /** Sources that cannot be used because no file says all that their type needs. */
  readonly incomplete: readonly { readonly source: string; readonly reason: string }[];
}

/** Reads `.hsm/config.yaml` or `~/.hsm/config.yaml`. An empty file is fine. */
export function parseConfig(text: string): Parsed<ProjectFile> {
  throw new Error(`not written yet: ${String(text.length)}`);
}

/** Puts the project's file over the machine's, field by field. Without sources there is one, `local`. */
export function mergeConfigs(machine?: ProjectFile, project?: ProjectFile): ProjectConfig {
  const files = [machine, project];
  throw new Error(`not written yet: ${String(files.length)}`);
}
