import { scriptOf, styleOf, templateOf } from '../sweep/taskCommand';
import type { Sweep } from '../sweep/sweep';
import type { ProjectSettings } from './config';
import type { PathRules, ProjectFiles } from './projectPorts';

/** A script is looked at as far as this. */
const SCRIPT_BYTES = 256 * 1024;
// `import hydra`, `from hydra import compose`, `import os, hydra`
const IMPORTS_HYDRA = /^[ \t]*(?:from[ \t]+hydra\b|import[ \t]+(?:[\w., \t]+,[ \t]*)?hydra\b)/mu;

interface ScriptPorts {
  readonly files: Pick<ProjectFiles, 'readText'>;
  readonly path: Pick<PathRules, 'join' | 'isAbsolute'>;
  /** Absolute. */
  readonly projectDir: string;
}

/**
 * The settings that a sweep starts with. Where its script is a program of Hydra, `output.dir` is given with Hydra's `++`:
 * Hydra refuses a plain one where the configuration has no such key, and so did every task of a program that never heard
 * of it. Other readers of `key=value` know no `++`.
 */
export async function settingsForScript(
  project: ProjectSettings,
  sweep: Sweep,
  { files, path, projectDir }: ScriptPorts,
): Promise<ProjectSettings> {
  if (project.outputDirArguments !== true || styleOf(sweep, project) !== 'hydra') return project;
  for (const script of scriptsOf(sweep, project)) {
    const text = await files.readText(
      path.isAbsolute(script) ? script : path.join(projectDir, script),
      SCRIPT_BYTES,
    );
    if (text !== undefined && IMPORTS_HYDRA.test(text)) return { ...project, outputDirArguments: 'add' };
  }
  return project;
}

function scriptsOf(sweep: Sweep, project: ProjectSettings): readonly string[] {
  const words = templateOf(sweep, project) ?? [scriptOf(sweep, project) ?? ''];
  return words.filter((word) => word.endsWith('.py'));
}
