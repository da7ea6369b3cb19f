import type { Clock } from '../../core/base/clock';
import type { Host } from '../../core/compute/host';
import { askHost, type ConfiguredPaths, type KnownHost } from './hostFacts';

/** The steps of one start follow each other within this time. */
const RECENT_MS = 15_000;

interface Look {
  readonly known: KnownHost;
  readonly atMs: number;
}

/** What hosts told of themselves, so that the steps of one start need only one look. */
export class HostLooks {
  private readonly byHost = new WeakMap<Host, Map<string, Look>>();

  constructor(private readonly clock: Clock) {}

  /** Asks the host now. See {@link askHost}. */
  async ask(host: Host, source: string, paths: ConfiguredPaths, signal: AbortSignal): Promise<KnownHost> {
    const known = await askHost(host, source, paths, signal);
    const look = { known, atMs: this.clock.elapsed() };
    const looks = this.byHost.get(host) ?? new Map<string, Look>();
    this.byHost.set(host, looks);
    // Who asks next may have the paths as they are there.
    for (const each of [paths, known]) looks.set(keyOf(each), look);
    return known;
  }

  /** What the host told a moment ago, or tells now. See {@link askHost}. */
  async recent(host: Host, source: string, paths: ConfiguredPaths, signal: AbortSignal): Promise<KnownHost> {
    const look = this.byHost.get(host)?.get(keyOf(paths));
    if (look && this.clock.elapsed() - look.atMs < RECENT_MS) return look.known;
    return this.ask(host, source, paths, signal);
  }
}

function keyOf({ root, checkout }: ConfiguredPaths): string {
  return JSON.stringify([root, checkout]);
}
