import { HsmError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { SourceSummary, StartOptions } from '../facade';
import { decideStart, requireArrived, type StartWish } from '../sync/beforeStart';
import type { CheckoutPort } from '../sync/checkoutPort';
import { notAgreed, runningReasons } from '../sync/consent';
import type { CheckoutPlace, ProjectSyncOptions } from '../sync/projectSync';
import { ProjectSyncError } from '../sync/projectSyncError';
import type { SyncFacade } from '../sync/syncFacade';
import type { SyncSettings } from '../sync/syncSettings';
import type { ProjectConfig } from './config';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';

/** The checkouts that the configuration names, opened when they are needed. */
export class ProjectCheckouts implements ProjectSyncOptions {
  readonly clock: Clock;
  /** By what they were opened with: a configuration that changed opens another one. */
  private readonly opened = new Map<string, CheckoutPort>();

  constructor(
    private readonly ports: Pick<ProjectPorts, 'openCheckout' | 'clock'>,
    private readonly config: () => ProjectConfig,
    private readonly sources: () => readonly SourceSummary[],
    /** Asks some sources what became of sweeps that nobody drives. Never rejects. */
    private readonly observe: (sources: readonly string[]) => Promise<void>,
  ) {
    this.clock = ports.clock;
  }

  places(): readonly CheckoutPlace[] {
    return Object.entries(this.config().sources).flatMap(([source, config]) => {
      const place = checkoutOf(config);
      return place ? [{ source, ...place }] : [];
    });
  }

  open(source: string): CheckoutPort {
    const { sources, sync, project } = this.config();
    const config = sources[source];
    if (!config) throw new HsmError('input.invalid', `There is no compute source "${source}".`, {});
    const settings = { sync, output: project.output };
    const key = JSON.stringify([source, config, settings]);
    const known = this.opened.get(key);
    if (known) return known;
    const checkout = this.ports.openCheckout(source, config, settings);
    this.opened.set(key, checkout);
    return checkout;
  }

  runningTasks(source: string): number {
    const users = new Set(this.usersOf(source));
    return this.sources().reduce((sum, { name, active }) => sum + (users.has(name) ? active : 0), 0);
  }

  async learnRunningTasks(source: string): Promise<void> {
    await this.observe(this.usersOf(source));
  }

  /** All sources that run what lies there: an SSH host and a scheduler on one login node may share a checkout. */
  private usersOf(source: string): readonly string[] {
    const { sources } = this.config();
    const place = keyOfPlace(sources[source]);
    if (place === undefined) return [];
    return Object.entries(sources).flatMap(([name, config]) =>
      runsCheckout(config) && keyOfPlace(config) === place ? [name] : [],
    );
  }
}

/**
 * Before a sweep starts: compares the checkouts that it is to run from, and pushes where that is wanted and safe.
 *
 * @throws ProjectSyncError when the user has to decide or do something first
 */
export async function requireInSync(
  sync: Pick<SyncFacade, 'compare' | 'push' | 'remote'>,
  chosen: ReadonlyMap<string, SourceConfig>,
  { beforeStart }: SyncSettings,
  options: Pick<StartOptions, 'sync' | 'agreed'>,
  signal: AbortSignal,
): Promise<void> {
  for (const [source, config] of chosen) {
    const wish = wishFor(source, options);
    if (beforeStart === 'never' || wish === 'skip' || !runsCheckout(config) || !checkoutOf(config)) continue;
    const shown = await sync.compare(source, signal);
    if (decideStart(shown, beforeStart, wish) === 'go') continue;
    requireIdle(source, sync.remote(source)?.runningTasks ?? 0, options.agreed);
    const consent = { shown, signal, ...(options.agreed && { agreed: options.agreed }) };
    const { comparison, notCompared } = await sync.push(source, {}, consent);
    requireArrived(shown, comparison, notCompared);
  }
}

/** What the user said of the checkout of one source. */
export function wishFor(source: string, { sync }: Pick<StartOptions, 'sync'>): StartWish | undefined {
  return typeof sync === 'object' ? sync.get(source) : sync;
}

/** A start has no question of its own: it says what to do. */
function requireIdle(source: string, runningTasks: number, agreed: StartOptions['agreed'] = []): void {
  const untold = notAgreed(runningReasons(source, runningTasks), agreed);
  if (untold.length === 0) return;
  const action = `Wait until they are over, push with hsm sync push --source ${source} --yes, or run what is there with --sync skip.`;
  throw new ProjectSyncError(
    `The checkout of ${source} is not in sync, nothing was started.`,
    untold.map((reason) => ({ ...reason, action })),
    { source, canPush: true },
  );
}

/** One place for all that means the same folder, as far as the configuration tells. */
function keyOfPlace(config: SourceConfig | undefined): string | undefined {
  const place = config && checkoutOf(config);
  if (!place) return undefined;
  return JSON.stringify([place.host, place.checkout.replace(/\/+$/u, '')]);
}

function checkoutOf(config: SourceConfig): Omit<CheckoutPlace, 'source'> | undefined {
  if (config.type === 'local' || config.checkout === undefined || config.host === undefined) return undefined;
  return { host: config.host, checkout: config.checkout };
}

function runsCheckout(config: SourceConfig): boolean {
  return config.type !== 'local' && config.code === 'checkout';
}
