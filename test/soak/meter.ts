import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { toDisposable, type Disposable } from '../../src/core/base/lifecycle';
import type { Sample } from './judge';

const EVERY_MS = 10_000;
const MIB = 1 << 20;

/** Weighs this process every ten seconds. */
export class Meter implements Disposable {
  readonly samples: Sample[] = [];
  private readonly delay = monitorEventLoopDelay({ resolution: 10 });
  private readonly startedMs = performance.now();
  private readonly timer: Disposable;

  constructor(
    private readonly progress: { readonly sweepsEnded: number; readonly tasksEnded: number },
    private readonly onSample: (sample: Sample) => void,
  ) {
    this.delay.enable();
    const timer = setInterval(() => {
      this.take();
    }, EVERY_MS);
    this.timer = toDisposable(() => {
      clearInterval(timer);
    });
  }

  dispose(): void {
    this.timer.dispose();
    this.delay.disable();
  }

  private take(): void {
    const delayP99Ms = this.delay.percentile(99) / 1e6;
    const delayMaxMs = this.delay.max / 1e6;
    // With --expose-gc: what is left then is what is held.
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    const { sweepsEnded, tasksEnded } = this.progress;
    const sample = {
      atSec: Math.round((performance.now() - this.startedMs) / 1000),
      rssMiB: rss / MIB,
      heapMiB: heapUsed / MIB,
      openFiles: readdirSync('/proc/self/fd').length,
      delayP99Ms,
      delayMaxMs,
      sweepsEnded,
      tasksEnded,
    };
    // Without the collection just made.
    this.delay.reset();
    this.samples.push(sample);
    this.onSample(sample);
  }
}
