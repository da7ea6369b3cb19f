import { Alarm } from '../core/base/alarm';
import { DisposableStore, toDisposable } from '../core/base/lifecycle';
import { isSweepOver } from '../core/engine/taskState';
import type { SweepSummary } from '../core/facade';
import type { CommandContext } from './commandContext';
import { createProgressView, type ProgressView } from './progress/progressView';

/** The state of a sweep when it is over, when the user left, or when nothing has run for a while with a reason known. */
export interface FollowEnd {
  readonly kind: 'over' | 'left' | 'stalled';
  readonly sweep: SweepSummary;
}

const LOOK_MS = 200;
const TICK_MS = 1_000;

/** So long nothing may run, for a reason that may pass and that the sources name, until waiting for it is given up. */
const STALL_MS = 20_000;

/**
 * Shows a sweep's progress until it is over or the user leaves. When the process that drives it goes, this one drives
 * it on.
 */
export async function followSweep(context: CommandContext, sweepId: string): Promise<FollowEnd> {
  const { project, interrupted, clock } = context;
  const view = createProgressView(context, sweepId);
  const bell = new SweepBell(context, sweepId);
  try {
    let drawnAtMs = -Infinity;
    let ranAtMs = clock.elapsed();
    while (!interrupted.aborted && !isSweepOver(currentSweep(context, sweepId).state)) {
      if (bell.takeChange() || clock.elapsed() - drawnAtMs >= TICK_MS) {
        drawnAtMs = clock.elapsed();
        const sweep = currentSweep(context, sweepId);
        await view.update(sweep);
        if (sweep.driver === 'nobody') await project.drive(sweepId);
        if (!isStuck(sweep)) ranAtMs = clock.elapsed();
        else if (sweep.isBlocked === true || clock.elapsed() - ranAtMs >= STALL_MS)
          return { kind: 'stalled', sweep };
      }
      await bell.wait(LOOK_MS);
    }
    if (interrupted.aborted) return { kind: 'left', sweep: currentSweep(context, sweepId) };
    return await followHome(context, sweepId, view, bell);
  } finally {
    view.end();
    bell.dispose();
  }
}

/** Shows how results come home after the last task ended, until that is done or the user leaves. */
async function followHome(
  context: CommandContext,
  sweepId: string,
  view: ProgressView,
  bell: SweepBell,
): Promise<FollowEnd> {
  const { project, interrupted } = context;
  let isDone = false;
  const end = project.whenOver(sweepId, interrupted).finally(() => {
    isDone = true;
    bell.ring();
  });
  // It is awaited below; until then a failure of it is nobody's.
  end.catch(() => undefined);
  const isFinished = (): boolean => isDone || interrupted.aborted;
  let sweep: SweepSummary;
  do {
    sweep = currentSweep(context, sweepId);
    await view.update(sweep);
    if (!isFinished()) await bell.wait(TICK_MS);
  } while (!isFinished());
  // With what was on its way when the user left.
  return interrupted.aborted ? { kind: 'left', sweep } : { kind: 'over', sweep: await end };
}

/** Nothing runs, and the sources say why. That others have their turn passes by itself. */
export function isStuck({ driver, state, counts, notes, waitsForSlots = false }: SweepSummary): boolean {
  return (
    driver === 'here' && state === 'running' && counts.running === 0 && notes.length > 0 && !waitsForSlots
  );
}

/**
 * Waits until a sweep is in some condition.
 *
 * @returns how it is then, or when the user left
 */
export async function waitUntilSweep(
  context: CommandContext,
  sweepId: string,
  condition: (sweep: SweepSummary) => boolean,
): Promise<SweepSummary> {
  const bell = new SweepBell(context, sweepId);
  try {
    for (;;) {
      const sweep = currentSweep(context, sweepId);
      if (condition(sweep) || context.interrupted.aborted) return sweep;
      await bell.wait(LOOK_MS);
    }
  } finally {
    bell.dispose();
  }
}

/** The sweep's summary now. It was there a moment ago; @throws Error when its directory was removed meanwhile */
export function currentSweep({ project }: Pick<CommandContext, 'project'>, sweepId: string): SweepSummary {
  const sweep = project.sweep(sweepId);
  if (!sweep) throw new Error(`Sweep ${sweepId} is gone: its directory was removed.`);
  return sweep;
}

/** Rings when a sweep is over and when the user leaves; other changes it only remembers. */
class SweepBell extends DisposableStore {
  private readonly alarm: Alarm;
  private changed = true;

  constructor({ project, interrupted, clock }: CommandContext, sweepId: string) {
    super();
    this.alarm = new Alarm(clock);
    const ring = (): void => {
      this.ring();
    };
    interrupted.addEventListener('abort', ring);
    this.add(
      toDisposable(() => {
        interrupted.removeEventListener('abort', ring);
      }),
    );
    this.add(
      project.onDidChange((change) => {
        if (!change.sweeps?.has(sweepId)) return;
        this.changed = true;
        const sweep = project.sweep(sweepId);
        if (sweep && isSweepOver(sweep.state)) ring();
      }),
    );
  }

  ring(): void {
    this.alarm.wake();
  }

  takeChange(): boolean {
    const changed = this.changed;
    this.changed = false;
    return changed;
  }

  async wait(delayMs: number): Promise<void> {
    await this.alarm.wait(delayMs);
  }
}
