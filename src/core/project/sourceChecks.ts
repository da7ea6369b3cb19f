import { errorText, HsmError } from '../base/errors';
import type { ComputeSource, HealthReport } from '../compute/computeSource';
import type { SourceSummary } from '../facade';
import type { ProjectConfig } from './config';
import { findingsOf } from './healthFindings';
import { gpuUse } from './gpuUse';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig, SshSourceConfig } from './sourceConfig';
import type { SweepSession } from './sweepSession';

/** A source that passed its check, with the configuration that it was made of. */
export interface UsableSource {
  readonly source: Pick<ComputeSource, 'name' | 'type' | 'maxSlots' | 'cleanup'>;
  readonly config: SourceConfig;
}

/** The configured sources and what is known of their health. */
export class SourceChecks {
  private readonly health = new Map<string, HealthReport>();
  /** Slots by configuration, as text: the adapter's choice may cost a look at the machine. */
  private readonly slotsByConfig = new Map<string, number>();

  constructor(private readonly ports: ProjectPorts) {}

  /** In the order of the configuration. Answers from memory. */
  summaries(config: ProjectConfig, sessions: readonly SweepSession[]): SourceSummary[] {
    return Object.entries(config.sources).map(([name, source]) => {
      const health = this.health.get(name);
      const host = 'host' in source ? source.host : undefined;
      const slots = this.slots(name, source);
      const onGpus = sessions.flatMap((session) => gpuUse(session, name));
      return {
        name,
        type: source.type,
        ...(slots === undefined ? {} : { slots }),
        active: sessions.reduce((sum, session) => sum + runningOn(session, name), 0),
        ...(host === undefined ? {} : { host }),
        ...(onGpus.length === 0 ? {} : { gpuUse: onGpus }),
        ...(health === undefined ? {} : { health }),
      };
    });
  }

  /** Checks a source and remembers what came of it. One that cannot be reached is unhealthy, not an error. */
  async test(name: string, config: ProjectConfig): Promise<void> {
    const source = config.sources[name];
    if (!source) return;
    this.health.set(name, await this.check(name, source));
  }

  /**
   * Makes the sources of a sweep after checking each.
   *
   * @throws HsmError `source.unavailable` when one of them could not run tasks
   */
  async requireUsable(
    chosen: ReadonlyMap<string, SourceConfig>,
    signal: AbortSignal,
  ): Promise<UsableSource[]> {
    const usable: UsableSource[] = [];
    try {
      for (const [name, configured] of chosen) {
        const config = await this.ports.resolveSource(name, configured, 'recent');
        const source = this.ports.createSource(name, config);
        this.slotsByConfig.set(keyOf(name, configured), source.maxSlots);
        usable.push({ source, config });
        const report = await source.healthCheck(signal);
        this.health.set(name, report);
        if (report.state !== 'unhealthy') continue;
        const message = `The compute source "${name}" cannot run tasks; nothing was started. ${fatalText(report)}`;
        throw new HsmError('source.unavailable', message, { source: name });
      }
      return usable;
    } finally {
      await Promise.all(usable.map(({ source }) => source.cleanup()));
    }
  }

  private async check(name: string, config: SourceConfig): Promise<HealthReport> {
    try {
      const resolved = await this.ports.resolveSource(name, config, 'new');
      const source = this.ports.createSource(name, resolved);
      this.slotsByConfig.set(keyOf(name, config), source.maxSlots);
      return await checkOnce(source);
    } catch (error) {
      const broken = brokenBy(error);
      if (!HsmError.is(error, 'source.unavailable') || config.type !== 'ssh') return broken;
      // E.g. all GPUs are in use: what else there is to tell of the host says by whom.
      const health = await this.checkWithoutGpus(name, config);
      return health
        ? {
            ...health,
            state: 'unhealthy',
            problems: [...broken.problems, ...health.problems],
            findings: [...findingsOf(broken), ...findingsOf(health)],
          }
        : broken;
    }
  }

  private async checkWithoutGpus(name: string, config: SshSourceConfig): Promise<HealthReport | undefined> {
    try {
      return await checkOnce(this.ports.createSource(name, { ...config, gpus: [], gpusPerTask: 0 }));
    } catch {
      // The first reason stands.
      return undefined;
    }
  }

  private slots(name: string, config: SourceConfig): number | undefined {
    const key = keyOf(name, config);
    const known = this.slotsByConfig.get(key);
    if (known !== undefined) return known;
    // As many as the host has GPUs or cores: known after a look at it.
    if (config.type === 'ssh' && config.slots === undefined) return undefined;
    const slots = this.findSlots(name, config);
    this.slotsByConfig.set(key, slots);
    return slots;
  }

  private findSlots(name: string, config: SourceConfig): number {
    if (config.type === 'slurm' || config.type === 'pbs') return config.throttle ?? config.slots ?? 0;
    try {
      return this.ports.createSource(name, config).maxSlots;
    } catch {
      // A type that this build cannot run is still listed, with what the file says.
      return config.slots ?? 1;
    }
  }
}

async function checkOnce(source: ComputeSource): Promise<HealthReport> {
  try {
    return await source.healthCheck(new AbortController().signal);
  } finally {
    await source.cleanup();
  }
}

function fatalText(report: HealthReport): string {
  const fatal = findingsOf(report).filter(({ severity }) => severity === 'error');
  return fatal.map(({ text, fix = '' }) => `${text} ${fix}`.trim()).join(' ');
}

function brokenBy(error: unknown): HealthReport {
  const text = errorText(error);
  const hint = error instanceof HsmError ? hintOf(error as HsmError) : undefined;
  const finding = { severity: 'error', text, ...(hint !== undefined && { fix: hint }) } as const;
  const problems = [hint === undefined ? text : `${text} ${hint}`];
  return { state: 'unhealthy', problems, findings: [finding] };
}

function hintOf({ details }: HsmError): string | undefined {
  return 'hint' in details && details.hint ? details.hint : undefined;
}

function keyOf(name: string, config: SourceConfig): string {
  return JSON.stringify([name, config]);
}

function runningOn(session: SweepSession, source: string): number {
  if (session.state.isOver) return 0;
  const { sources, tasks } = session.state;
  return tasks.loads(sources.length)[sources.indexOf(source)]?.running ?? 0;
}
