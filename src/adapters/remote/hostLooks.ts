import type { Clock } from '../../core/base/clock';
import type { Host } from '../../core/compute/host';
import { askHost, timeHost, type ConfiguredPaths, type KnownHost, type TimedHost } from './hostFacts';

/** The steps of one start follow each other within this time. */
const RECENT_MS = 15_000;

interface Look {
  readonly known: KnownHost;
  timed?: TimedHost;
  readonly atMs: number;
}

/** What hosts told of themselves, so that the steps of one start need only one look. */
export class HostLooks {
  private readonly byHost = new WeakMap<Host, Map<string, Look>>();

  constructor(private readonly clock: Clock) {}

  /** Asks the host now. See {@link askHost}. */
  async ask(host: Host, source: string, paths: ConfiguredPaths, signal: AbortSignal): Promise<KnownHost> {
    return (await this.look(host, source, paths, signal)).known;
  }

  /** What the host told a moment ago, or tells now. See {@link askHost}. */
  async recent(host: Host, source: string, paths: ConfiguredPaths, signal: AbortSignal): Promise<KnownHost> {
    return (await this.recentLook(host, source, paths, signal)).known;
  }

  /** The same, with how far away it is. See {@link timeHost}. */
  async timed(host: Host, source: string, paths: ConfiguredPaths, signal: AbortSignal): Promise<TimedHost> {
    const look = await this.recentLook(host, source, paths, signal);
    look.timed ??= await timeHost(host, look.known, signal);
    return look.timed;
  }

  private async recentLook(
    host: Host,
    source: string,
    paths: ConfiguredPaths,
    signal: AbortSignal,
  ): Promise<Look> {
    const look = this.byHost.get(host)?.get(keyOf(paths));
    if (look && this.clock.elapsed() - look.atMs < RECENT_MS) return look;
    return this.look(host, source, paths, signal);
  }

  private async look(host: Host, source: string, paths: ConfiguredPaths, signal: AbortSignal): Promise<Look> {
    const known = await askHost(host, source, paths, signal);
    const look: Look = { known, atMs: this.clock.elapsed() };
    const looks = this.byHost.get(host) ?? new Map<string, Look>();
    this.byHost.set(host, looks);
    // Who asks next may have the paths as they are there.
    for (const each of [paths, known]) looks.set(keyOf(each), look);
    return look;
  }
}

function keyOf({ root, checkout }: ConfiguredPaths): string {
  return JSON.stringify([root, checkout]);
}
