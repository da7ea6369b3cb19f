import { Emitter, type Event } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import { isSweepOver } from '../../core/engine/taskState';
import type { Change, SweepFacade, SweepSummary } from '../../core/facade';

/** Tells of each sweep that was seen at work and is now over; of a rerun sweep again. */
export class SweepEnds implements Disposable {
  private readonly store = new DisposableStore();
  private readonly ended = this.store.add(new Emitter<SweepSummary>());
  private readonly active = new Set<string>();

  readonly onDidEnd = this.ended.event;

  constructor(
    private readonly facade: Pick<SweepFacade, 'sweeps'>,
    onDidChange: Event<Change>,
  ) {
    this.look();
    this.store.add(
      onDidChange(() => {
        this.look();
      }),
    );
  }

  private look(): void {
    for (const sweep of this.facade.sweeps()) {
      if (!isSweepOver(sweep.state)) this.active.add(sweep.id);
      else if (this.active.delete(sweep.id)) this.ended.fire(sweep);
    }
  }

  dispose(): void {
    this.store.dispose();
  }
}
