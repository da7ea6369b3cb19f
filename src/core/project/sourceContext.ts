import type { SweepContext } from '../compute/computeSource';
import type { ProjectSettings } from './config';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';
import type { SweepSession } from './sweepSession';

/** What a source is told of a sweep. */
export function sourceContext(
  session: SweepSession,
  source: string,
  { projectDir }: Pick<ProjectPorts, 'projectDir'>,
): SweepContext {
  const known = session.sources.find(({ name }) => name === source);
  const config = known?.config as SourceConfig | undefined;
  const { timeoutSec } = session.sweep.run;
  const { code, codeExclude = [] } = session.manifest;
  const codeDigest = code.snapshot ?? known?.snapshot;
  const settings = session.manifest.project as Partial<ProjectSettings> | null | undefined;
  return {
    sweepId: session.id,
    projectDir,
    sweepDir: session.store.dir,
    codeExclude: codeExcludeOf(codeExclude, settings ?? {}),
    ...(codeDigest === undefined ? {} : { codeDigest }),
    env: config?.env ?? {},
    setup: config?.setup ?? [],
    ...(config?.condaEnv === undefined ? {} : { condaEnv: config.condaEnv }),
    ...(timeoutSec === undefined ? {} : { timeoutSec }),
  };
}

/** What stays here when the code of a project is copied: what the configuration says, and results. */
export function codeExcludeOf(
  exclude: readonly string[],
  { output = '' }: Partial<ProjectSettings>,
): string[] {
  const isInside = output !== '' && !output.startsWith('/') && !output.startsWith('..') && output !== '.';
  return [...exclude, ...(isInside ? [`/${output.replace(/^\.\//, '').replace(/\/$/, '')}/`] : [])];
}
