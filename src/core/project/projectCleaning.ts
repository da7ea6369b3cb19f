import { HsmError } from '../base/errors';
import {
  carryOutCleaning,
  planCleaning,
  type CleanWish,
  type RootCleaner,
  type SweepHere,
} from '../collection/sourceCleaning';
import type { CleanPlan } from '../facade';
import type { ProjectConfig } from './config';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';
import type { SweepSession } from './sweepSession';

/** Removes what sweeps of this project left on other machines, once it is here. */
export class ProjectCleaning {
  constructor(
    private readonly ports: ProjectPorts,
    private readonly session: (sweepId: string) => SweepSession | undefined,
  ) {}

  /** @throws HsmError `input.invalid` for an unknown source; `host.unreachable`, `host.refused` */
  async plan(name: string, config: ProjectConfig): Promise<CleanPlan> {
    const cleaner = this.cleanerOf(name, config);
    if (!cleaner) return { source: name, remove: [], keep: [] };
    return (await this.look(name, cleaner, { isRequested: true })).plan;
  }

  /** Looks again, and removes what both the plan and that look allow. @throws as {@link plan}; `command.failed` */
  async carryOut(name: string, config: ProjectConfig, seen: CleanPlan): Promise<CleanPlan> {
    const cleaner = this.cleanerOf(name, config);
    if (!cleaner) return { source: name, remove: [], keep: [] };
    const { root, plan } = await this.look(name, cleaner, { isRequested: true });
    return carryOutCleaning(cleaner, root, seen, plan, new AbortController().signal);
  }

  private look(name: string, cleaner: RootCleaner, wish: CleanWish): ReturnType<typeof planCleaning> {
    const sweepHere = (sweepId: string): SweepHere | undefined => {
      const session = this.session(sweepId);
      return session && describeSweep(session, name);
    };
    return planCleaning(name, cleaner, sweepHere, wish, new AbortController().signal);
  }

  private cleanerOf(name: string, { sources }: ProjectConfig): RootCleaner | undefined {
    const config = sources[name];
    if (config) return this.ports.createCleaner?.(name, config);
    throw new HsmError('input.invalid', `There is no compute source "${name}".`, {
      hint: `Configured: ${Object.keys(sources).join(', ')}.`,
    });
  }
}

/**
 * Removes what a sweep that is over left on a source whose configuration wants that, if all tasks succeeded and all of it
 * is here.
 *
 * @returns why it stays; undefined when it was removed, or nothing is there
 */
export async function cleanUpAfter(
  session: SweepSession,
  name: string,
  config: SourceConfig,
  ports: ProjectPorts,
  signal: AbortSignal,
): Promise<string | undefined> {
  const cleaner = ports.createCleaner?.(name, config);
  if (!cleaner) return undefined;
  const wish = { isRequested: false, sweepId: session.id };
  const here = (): SweepHere => describeSweep(session, name);
  const { root, plan } = await planCleaning(name, cleaner, here, wish, signal);
  await carryOutCleaning(cleaner, root, plan, plan, signal);
  return plan.keep[0]?.reason;
}

function describeSweep(session: SweepSession, source: string): SweepHere {
  const { tasks, sources, isOver } = session.state;
  const load = tasks.loads(sources.length)[sources.indexOf(source)];
  const atWork = (load?.queued ?? 0) + (load?.running ?? 0);
  return {
    // Its waiting tasks may be handed over at any moment.
    active: isOver ? atWork : Math.max(1, atWork),
    anyNotSucceeded: tasks.count('succeeded') < tasks.total,
    localSweepDir: session.store.dir,
  };
}
