import { Worker } from 'node:worker_threads';
import { DisposableStore, toDisposable, type Disposable } from '../../core/base/lifecycle';
import { Mutex } from '../../core/base/mutex';
import type { LineMatcher, LineMatches, NamedTexts } from '../../core/results/lineMatcher';
import { MATCH_PROGRAM, type MatchAnswer } from './matchProgram';

/** A pattern that is no trap needs milliseconds for the lines of one call; a slow and busy machine some more. */
const LIMIT_MS = 3_000;
/** A thread that nobody needs costs some megabytes. */
const IDLE_MS = 30_000;

/**
 * Matches in a thread of its own, which is ended when a pattern takes too long: nothing else can stop a regular expression.
 */
export class WorkerMatcher implements LineMatcher {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  /** Patterns that took too long, and again when they were tried once more: a busy machine is no reason to give one up. */
  private readonly slow = new Set<string>();
  private readonly mutex = new Mutex();

  constructor(private readonly limitMs = LIMIT_MS) {}

  match(patterns: readonly RegExp[], lines: readonly string[]): Promise<LineMatches> {
    return this.mutex.run(async () => {
      clearTimeout(this.idle);
      const suspects = new Set<RegExp>();
      try {
        for (;;) {
          const quick = patterns.filter((pattern) => !this.slow.has(String(pattern)));
          const answer = await this.ask(quick, lines);
          if (!(answer instanceof RegExp))
            return { lines: answer, tooSlow: patterns.filter((pattern) => !quick.includes(pattern)) };
          if (suspects.has(answer)) this.slow.add(String(answer));
          suspects.add(answer);
        }
      } finally {
        this.idle = setTimeout(() => {
          this.end();
        }, IDLE_MS);
        this.idle.unref();
      }
    });
  }

  /** @returns what was found, or the pattern that takes too long */
  private async ask(
    patterns: readonly RegExp[],
    lines: readonly string[],
  ): Promise<readonly NamedTexts[] | RegExp> {
    const worker = (this.worker ??= new Worker(MATCH_PROGRAM, { eval: true }));
    const watch = new DisposableStore();
    // While it is asked, it keeps the process; afterwards not.
    worker.ref();
    watch.add(
      toDisposable(() => {
        worker.unref();
      }),
    );
    try {
      return await new Promise((resolve, reject) => {
        const limit = watch.add(
          new Limit(this.limitMs, (index) => {
            this.end();
            resolve(patterns[index] ?? []);
          }),
        );
        const onMessage = (answer: MatchAnswer): void => {
          if (answer.kind === 'begin') limit.restart(answer.pattern);
          else resolve(answer.found.map((entries) => Object.fromEntries(entries)));
        };
        worker.on('message', onMessage).on('error', reject);
        watch.add(toDisposable(() => worker.off('message', onMessage).off('error', reject)));
        worker.postMessage({ patterns, lines });
      });
    } catch (error) {
      this.end();
      throw error;
    } finally {
      watch.dispose();
    }
  }

  private end(): void {
    void this.worker?.terminate();
    this.worker = undefined;
  }
}

/** Calls back when a pattern takes longer than it may. */
class Limit implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private last: NodeJS.Immediate | undefined;

  constructor(
    private readonly ms: number,
    private readonly onOver: (pattern: number) => void,
  ) {}

  restart(pattern: number): void {
    this.dispose();
    this.timer = setTimeout(() => {
      // Where this thread was busy, the thread's word may have come in time and wait behind this timer.
      this.last = setImmediate(() => {
        this.onOver(pattern);
      });
    }, this.ms);
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearImmediate(this.last);
  }
}
