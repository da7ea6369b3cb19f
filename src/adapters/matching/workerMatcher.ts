import { Worker } from 'node:worker_threads';
import { HsmError } from '../../core/base/errors';
import { DisposableStore, toDisposable, type Disposable } from '../../core/base/lifecycle';
import { Mutex } from '../../core/base/mutex';
import type { LineMatcher, NamedTexts } from '../../core/results/lineMatcher';
import { MATCH_PROGRAM, type MatchAnswer } from './matchProgram';

/** A pattern that is no trap needs milliseconds for the lines of one call; a slow and busy machine some more. */
const LIMIT_MS = 3_000;
/** A thread that nobody needs costs some megabytes. */
const IDLE_MS = 30_000;

/**
 * Matches in a thread of its own, which is ended when a pattern takes too long: nothing else can stop a regular expression.
 * Such a pattern is refused from then on.
 */
export class WorkerMatcher implements LineMatcher {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  private readonly refused = new Set<string>();
  private readonly mutex = new Mutex();

  constructor(private readonly limitMs = LIMIT_MS) {}

  match(patterns: readonly RegExp[], lines: readonly string[]): Promise<readonly NamedTexts[]> {
    return this.mutex.run(async () => {
      const slow = patterns.find((pattern) => this.refused.has(String(pattern)));
      if (slow) throw tooSlow(slow);
      clearTimeout(this.idle);
      try {
        return await this.ask(patterns, lines);
      } finally {
        this.idle = setTimeout(() => {
          this.end();
        }, IDLE_MS);
        this.idle.unref();
      }
    });
  }

  private async ask(patterns: readonly RegExp[], lines: readonly string[]): Promise<readonly NamedTexts[]> {
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
          new Limit(this.limitMs, (pattern) => {
            reject(this.refuse(patterns[pattern]));
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

  private refuse(pattern: RegExp | undefined): HsmError<'input.invalid'> {
    this.refused.add(String(pattern));
    return tooSlow(pattern);
  }

  private end(): void {
    void this.worker?.terminate();
    this.worker = undefined;
  }
}

/** Calls back when a pattern takes longer than it may. */
class Limit implements Disposable {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ms: number,
    private readonly onOver: (pattern: number) => void,
  ) {}

  restart(pattern: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.onOver(pattern);
    }, this.ms);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}

function tooSlow(pattern: RegExp | undefined): HsmError<'input.invalid'> {
  const body = pattern?.source ?? '';
  return new HsmError(
    'input.invalid',
    `the pattern /${body}/ takes too long on some line, so it is not used any more. Make it simpler: repeat only one class of characters at a time, with something fixed between two repetitions.`,
    { hint: 'It stands under results.metrics in .hsm/config.yaml.' },
  );
}
