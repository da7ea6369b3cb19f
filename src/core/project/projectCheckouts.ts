import { HsmError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { SourceSummary, StartOptions } from '../facade';
import { decideStart } from '../sync/beforeStart';
import type { CheckoutPort } from '../sync/checkoutPort';
import type { CheckoutPlace, ProjectSync, ProjectSyncOptions } from '../sync/projectSync';
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
    const config = this.config().sources[source];
    if (!config || !runsCheckout(config)) return 0;
    return this.sources().find(({ name }) => name === source)?.active ?? 0;
  }
}

/**
 * Before a sweep starts: compares the checkouts that it is to run from, and pushes where that is wanted and safe.
 *
 * @throws ProjectSyncError when the user has to decide or do something first
 */
export async function requireInSync(
  sync: ProjectSync,
  chosen: ReadonlyMap<string, SourceConfig>,
  { beforeStart }: SyncSettings,
  { sync: wish }: StartOptions,
): Promise<void> {
  if (beforeStart === 'never' || wish === 'skip') return;
  for (const [source, config] of chosen) {
    if (!runsCheckout(config) || !checkoutOf(config)) continue;
    const shown = await sync.compare(source);
    if (decideStart(shown, beforeStart, wish) === 'push') await sync.push(source, {}, { shown });
  }
}

function checkoutOf(config: SourceConfig): Omit<CheckoutPlace, 'source'> | undefined {
  if (config.type === 'local' || config.checkout === undefined || config.host === undefined) return undefined;
  return { host: config.host, checkout: config.checkout };
}

function runsCheckout(config: SourceConfig): boolean {
  return config.type !== 'local' && config.code === 'checkout';
}
