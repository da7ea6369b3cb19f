import type { SweepContext } from '../compute/computeSource';
import type { ProjectSettings } from './config';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';
import type { SweepSession } from './sweepSession';

/** What a source is told of a sweep. */
export function sourceContext(session: SweepSession, source: string, ports: ProjectPorts): SweepContext {
  const config = session.manifest.sources.find(({ name }) => name === source)?.config as
    SourceConfig | undefined;
  const { timeoutSec } = session.sweep.run;
  return {
    sweepId: session.id,
    projectDir: ports.projectDir,
    sweepDir: session.store.dir,
    codeExclude: [...(session.manifest.codeExclude ?? []), ...outputPattern(session)],
    env: config?.env ?? {},
    setup: config?.setup ?? [],
    ...(config?.condaEnv === undefined ? {} : { condaEnv: config.condaEnv }),
    ...(timeoutSec === undefined ? {} : { timeoutSec }),
  };
}

/** Results never travel with the code. */
function outputPattern({ manifest }: SweepSession): string[] {
  const settings = manifest.project as Partial<ProjectSettings> | null | undefined;
  const output = settings?.output ?? '';
  const isInside = output !== '' && !output.startsWith('/') && !output.startsWith('..') && output !== '.';
  return isInside ? [`/${output.replace(/^\.\//, '').replace(/\/$/, '')}/`] : [];
}
