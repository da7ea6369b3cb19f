import type { HealthReport } from '../compute/computeSource';
import type { ResourceChange } from '../engine/resourceChange';
import type { SweepSource } from '../engine/sweepSource';
import type { Preflight, RerunOptions, StartOptions } from '../facade';
import type { SyncFacade } from '../sync/syncFacade';
import { codeTrouble } from './codeTrouble';
import type { ProjectConfig } from './config';
import { settingsForScript } from './hydraScript';
import { requireKeptCode } from './keptCode';
import { chooseSources, countTasks, manifestSource, newSweep } from './launch';
import { SOURCES_DIR } from './launchedCode';
import { preflight } from './preflight';
import { requireInSync } from './projectCheckouts';
import type { ProjectPorts } from './projectPorts';
import type { ProjectReader } from './projectReader';
import { checkChange, requireOwnPlaces } from './rerunChange';
import type { SourceChecks } from './sourceChecks';
import type { SourceConfig } from './sourceConfig';
import { codeExcludeOf } from './sourceContext';
import { SweepDriver } from './sweepDriver';
import type { SweepRegistry } from './sweepRegistry';
import type { SweepSession } from './sweepSession';

export interface LauncherParts {
  readonly ports: ProjectPorts;
  readonly reader: ProjectReader;
  readonly registry: SweepRegistry;
  readonly sourceChecks: SourceChecks;
  readonly sync: SyncFacade;
  /** Where the sweeps lie, by the configuration that was read last. Absolute. */
  readonly outputDir: () => string;
  /** Looks at a source and remembers what came of it. */
  readonly testSource: (name: string) => Promise<HealthReport | undefined>;
}

/** What happens before tasks run: sources are looked at, code is fixed, and what is to run is written down. */
export class SweepLauncher {
  constructor(private readonly parts: LauncherParts) {}

  /** What could go wrong with a start. @throws HsmError `input.invalid` when the files have errors */
  async look(file: string, options: StartOptions, signal: AbortSignal): Promise<Preflight> {
    const { ports, reader, sync, testSource } = this.parts;
    const config = await reader.readSoundConfig();
    const { sweep, expansion } = await reader.readSoundSweep(file);
    const script = sweep.script ?? config.project.script;
    const tasks = await reader.tasksOf(sweep, expansion);
    return preflight(
      {
        ports,
        sources: chooseSources(sweep, config, options),
        tasks: () => tasks,
        exclude: config.sync.exclude,
        test: testSource,
        compare: (source) => codeTrouble(sync, source, config.sync, options, signal),
        ...(script !== undefined && { script }),
      },
      signal,
    );
  }

  /**
   * Writes a new sweep's directory. Nothing runs before somebody drives it.
   *
   * @throws HsmError before anything is written, as `SweepFacade.start` says
   */
  async launch(file: string, options: StartOptions, signal: AbortSignal): Promise<SweepDriver> {
    const { ports, reader, registry, sourceChecks, sync } = this.parts;
    const config = await reader.readSoundConfig();
    const { text, sweep, expansion } = await reader.readSoundSweep(file);
    const total = countTasks(expansion.count, options, config.maxTasks);
    const chosen = chooseSources(sweep, config, options);
    await reader.requireScript(file, sweep);
    const sources = await sourceChecks.requireUsable(chosen, signal);
    requireOwnPlaces([], sources.map(manifestSource));
    await requireInSync(sync, chosen, config.sync, options, signal);
    const { code: provenance, patch } = await ports.readProvenance();
    const code = { ...provenance, ...(await this.sealCode(chosen, config, signal)) };
    const project = await settingsForScript(config.project, sweep, ports);
    const codeExclude = config.sync.exclude;
    signal.throwIfAborted();
    const launch = { file, text, sweep, expansion, project, total, sources, code, patch, codeExclude };
    const store = await registry.open(this.parts.outputDir()).create(newSweep(launch, ports));
    const runsHere = [...chosen.values()].some(({ type }) => type === 'local');
    if (runsHere && code.commit === undefined)
      await ports.copySources(ports.path.join(store.dir, SOURCES_DIR), this.parts.outputDir());
    const driver = registry.add(await SweepDriver.open(store, ports));
    ports.log.info(`${driver.session.id}: ${total} tasks of ${file} on ${[...chosen.keys()].join(', ')}`);
    return driver;
  }

  /** The sources that a rerun brings to a sweep, looked at as at a start. */
  async joining(
    session: SweepSession,
    change: ResourceChange,
    options: RerunOptions,
    signal: AbortSignal,
  ): Promise<SweepSource[]> {
    if (Object.keys(change).length === 0) return [];
    const { reader, sourceChecks, sync } = this.parts;
    const config = await reader.readSoundConfig();
    const { id: sweepId, sources } = session;
    const { slots } = session.state;
    const names = checkChange(change, { sweepId, sources, config, slots });
    const chosen = new Map(Object.entries(config.sources).filter(([name]) => names.includes(name)));
    await this.requireCode(session, change.sources ?? [], chosen, signal);
    if (chosen.size === 0) return [];
    const joining = (await sourceChecks.requireUsable(chosen, signal)).map(manifestSource);
    requireOwnPlaces(sources, joining);
    await requireInSync(sync, chosen, config.sync, options, signal);
    const code = await this.codeFor(session, chosen, config, signal);
    signal.throwIfAborted();
    return joining.map((source) => ({ ...source, ...(source.type === 'local' ? {} : code) }));
  }

  private async requireCode(
    session: SweepSession,
    named: readonly string[],
    chosen: ReadonlyMap<string, SourceConfig>,
    signal: AbortSignal,
  ): Promise<void> {
    const digest = sealedCodeOf(session);
    if (digest === undefined) return;
    const { ports } = this.parts;
    const joining = [...chosen].map(([name, config]) => ({ name, config }));
    await requireKeptCode(
      { session, named, joining, digest },
      {
        projectDir: ports.projectDir,
        hasSealedCode: (name) => ports.hasSealedCode(name),
        seal: (exclude) => ports.sealCode(exclude, this.codeInUse(), signal),
      },
    );
  }

  /** Hosts that get a copy run one state of the code. A sweep that ran only the project as it is goes on with that. */
  private async codeFor(
    session: SweepSession,
    joining: ReadonlyMap<string, SourceConfig>,
    config: ProjectConfig,
    signal: AbortSignal,
  ): Promise<{ snapshot?: string }> {
    if (session.manifest.code.snapshot !== undefined) return {};
    const snapshot = sealedCodeOf(session);
    return snapshot === undefined ? this.sealCode(joining, config, signal) : { snapshot };
  }

  /** Edits from now on are of the next sweep. Costs nothing where the project is run as it is. */
  private async sealCode(
    chosen: ReadonlyMap<string, SourceConfig>,
    { sync, project }: ProjectConfig,
    signal: AbortSignal,
  ): Promise<{ snapshot?: string }> {
    const gets = [...chosen.values()].some((source) => source.type !== 'local' && source.code === 'snapshot');
    if (!gets) return {};
    const { ports } = this.parts;
    const exclude = codeExcludeOf(sync.exclude, project);
    return { snapshot: await ports.sealCode(exclude, this.codeInUse(), signal) };
  }

  /** Copies of the code that sweeps may still bring to a host. */
  private codeInUse(): string[] {
    const going = this.parts.registry.all().filter(({ session }) => !session.state.isOver);
    return going.flatMap(({ session: { manifest, sources } }) =>
      [manifest.code.snapshot, ...sources.map(({ snapshot }) => snapshot)].filter(
        (name) => name !== undefined,
      ),
    );
  }
}

/** The one copy of the project that the hosts of a sweep get. Undefined: none got one. */
function sealedCodeOf({ manifest, sources }: SweepSession): string | undefined {
  return manifest.code.snapshot ?? sources.find(({ snapshot }) => snapshot !== undefined)?.snapshot;
}
