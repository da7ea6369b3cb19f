import { errorText } from '../base/errors';
import type { Disposable } from '../base/lifecycle';
import type { Logger } from '../base/logger';
import type { HostConnections } from '../compute/hostConnections';

/** A sweep that may have left files elsewhere. */
export interface UnfinishedSweep {
  readonly session: { readonly id: string };
  /** Hosts that still have files of its tasks, once it is over. */
  readonly hostsWithRest: readonly string[];
  /** Brings them. @throws the signal's reason */
  bringRest(signal: AbortSignal): Promise<void>;
}

/**
 * Brings home in the background what sweeps that are over have left on hosts, because the process that drove them was
 * interrupted or a host could not be reached: once when a sweep is found, and again whenever one of its hosts gets
 * connected, e.g. because the user did what the host asked for. One sweep at a time.
 */
export class LateCollection {
  private readonly abort = new AbortController();
  private readonly listener: Disposable;
  private readonly wanted = new Set<UnfinishedSweep>();
  private connected: ReadonlySet<string> = new Set();
  private working: Promise<void> | undefined;

  /** @param sweeps - all that are known */
  constructor(
    private readonly parts: { readonly hosts: HostConnections; readonly log: Logger },
    private readonly sweeps: () => readonly UnfinishedSweep[],
  ) {
    this.listener = parts.hosts.onDidChange(() => {
      this.lookAtHosts();
    });
  }

  /** Brings what a sweep has left elsewhere, if anything. */
  want(sweep: UnfinishedSweep): void {
    if (this.abort.signal.aborted || sweep.hostsWithRest.length === 0) return;
    this.wanted.add(sweep);
    this.working ??= this.work();
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.listener.dispose();
    this.abort.abort();
    await this.working;
  }

  private lookAtHosts(): void {
    const before = this.connected;
    const hosts = this.parts.hosts.hosts().filter(({ state }) => state.kind === 'connected');
    this.connected = new Set(hosts.map(({ host }) => host));
    const fresh = [...this.connected].filter((host) => !before.has(host));
    if (fresh.length === 0) return;
    for (const sweep of this.sweeps()) {
      if (sweep.hostsWithRest.some((host) => fresh.includes(host))) this.want(sweep);
    }
  }

  private async work(): Promise<void> {
    const { signal } = this.abort;
    // A sweep stays among the wanted ones until it is done: the connection that it opens is no reason to begin again.
    for (const sweep of this.wanted) {
      try {
        if (!signal.aborted) await sweep.bringRest(signal);
      } catch (error) {
        if (!signal.aborted) this.parts.log.warn(`${sweep.session.id}: results: ${errorText(error)}`);
      }
      this.wanted.delete(sweep);
    }
    this.working = undefined;
  }
}
