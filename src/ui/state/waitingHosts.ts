import type { Clock } from '../../core/base/clock';
import { Emitter } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import { isSweepOver } from '../../core/engine/taskState';
import type { SweepFacade } from '../../core/facade';

/** A host that cannot be reached without the user, while sweeps have something there. */
export interface WaitingHost {
  /** The alias. */
  readonly host: string;
  /** A sentence, in words of the host perhaps. */
  readonly reason: string;
}

/** A user who connects at this moment is about to be asked anyway. */
const SETTLE_MS = 500;

/**
 * Tells of each host that wants a password, a code or a look at its key, which only the user can give, when the window
 * found that out by itself: once, and again after it was connected in between.
 */
export class WaitingHosts implements Disposable {
  private readonly store = new DisposableStore();
  private readonly waits = this.store.add(new Emitter<WaitingHost>());
  readonly onDidWait = this.waits.event;
  private readonly told = new Set<string>();
  private look: Disposable | undefined;

  constructor(
    private readonly facade: Pick<SweepFacade, 'hosts' | 'sources' | 'sweeps'>,
    private readonly clock: Clock,
  ) {
    this.store.add(
      facade.hosts.onDidChange(() => {
        this.lookSoon();
      }),
    );
    this.store.add({ dispose: () => this.look?.dispose() });
    this.lookSoon();
  }

  dispose(): void {
    this.store.dispose();
  }

  private lookSoon(): void {
    this.look ??= this.clock.after(SETTLE_MS, () => {
      this.look = undefined;
      this.tell();
    });
  }

  private tell(): void {
    for (const { host, state } of this.facade.hosts.hosts()) {
      if (state.kind === 'connected') this.told.delete(host);
      if (state.kind !== 'refused' || this.told.has(host)) continue;
      if (state.wasAsked !== true && !this.isNeeded(host)) continue;
      this.told.add(host);
      if (state.wasAsked !== true) this.waits.fire({ host, reason: state.reason });
    }
  }

  /** Sweeps that are over have notes while something of theirs is elsewhere. */
  private isNeeded(host: string): boolean {
    const there = this.facade.sources().filter((source) => source.host === host);
    const names = new Set(there.map(({ name }) => name));
    return this.facade
      .sweeps()
      .some(
        ({ state, notes, sources }) =>
          sources.some((name) => names.has(name)) && (!isSweepOver(state) || notes.length > 0),
      );
  }
}
