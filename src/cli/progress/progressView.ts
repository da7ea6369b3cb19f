import { finalCount, isSweepOver } from '../../core/engine/taskState';
import type { SweepSummary, TaskSummary } from '../../core/facade';
import type { CommandContext } from '../commandContext';
import { FailureWatch } from './failureWatch';
import { formatFailureLine, formatProgressBlock, formatProgressLine, type FailureLine } from './progressText';
import { RateMeter } from './rateMeter';

/** Shows how a sweep gets on. */
export interface ProgressView {
  /** Called when something changed, and about once a second. */
  update(sweep: SweepSummary): Promise<void>;
  end(): void;
}

type ViewContext = Pick<CommandContext, 'project' | 'err' | 'clock'>;

/** A block at the bottom of a terminal, redrawn; or, without a terminal, lines now and then. */
export function createProgressView(context: ViewContext, sweepId: string): ProgressView {
  const watch = new FailureWatch(context.project, sweepId);
  // What failed before is told by the summary, not again by the progress.
  watch.next();
  return context.err.isTerminal ? new BlockView(context, watch) : new LineView(context, watch);
}

const SHOWN_RUNNING = 20;

class BlockView implements ProgressView {
  private readonly rate = new RateMeter();
  private lastFailure: FailureLine | undefined;

  constructor(
    private readonly context: ViewContext,
    private readonly watch: FailureWatch,
  ) {}

  async update(sweep: SweepSummary): Promise<void> {
    const { project, err, clock } = this.context;
    this.rate.add(clock.elapsed(), finalCount(sweep.counts));
    const failed = latest(this.watch.next());
    if (failed) this.lastFailure = await this.watch.describe(failed);
    const running = project.tasks(sweep.id, { states: ['running'], limit: SHOWN_RUNNING });
    const facts = {
      sweep,
      running: running.map(({ number }) => number),
      ...(this.rate.perSecond === undefined ? {} : { perSecond: this.rate.perSecond }),
      ...(this.lastFailure && { lastFailure: this.lastFailure }),
    };
    err.setFooter(formatProgressBlock(facts, err.columns, err.palette));
  }

  end(): void {
    this.context.err.setFooter([]);
  }
}

const FIRST_LINE_MS = 5_000;
const SLOWEST_LINE_MS = 5 * 60_000;
/** A log with a line for each of ten thousand failures helps nobody. */
const MAX_FAILURE_LINES = 100;

class LineView implements ProgressView {
  private readonly rate = new RateMeter();
  private readonly notes = new Set<string>();
  private intervalMs = FIRST_LINE_MS;
  private nextLineAtMs: number;
  private failures = 0;
  private isOver = false;

  constructor(
    private readonly context: ViewContext,
    private readonly watch: FailureWatch,
  ) {
    this.nextLineAtMs = context.clock.elapsed() + this.intervalMs;
  }

  async update(sweep: SweepSummary): Promise<void> {
    const now = this.context.clock.elapsed();
    this.rate.add(now, finalCount(sweep.counts));
    this.tellNotes(sweep);
    for (const task of this.watch.next()) await this.tellFailure(task);
    if (isSweepOver(sweep.state) && !this.isOver) {
      this.isOver = true;
      // What comes now is another kind of waiting.
      this.intervalMs = FIRST_LINE_MS;
      this.nextLineAtMs = now + FIRST_LINE_MS;
    }
    if (now < this.nextLineAtMs) return;
    this.intervalMs = Math.min(this.intervalMs * 1.5, SLOWEST_LINE_MS);
    this.nextLineAtMs = now + this.intervalMs;
    const { perSecond } = this.rate;
    const facts = { sweep, running: [], ...(perSecond === undefined ? {} : { perSecond }) };
    this.context.err.print(formatProgressLine(facts));
  }

  end(): void {
    // Everything was said.
  }

  private tellNotes(sweep: SweepSummary): void {
    // Those of the end stand below its summary.
    if (isSweepOver(sweep.state)) return;
    for (const note of sweep.notes) {
      if (this.notes.has(note)) continue;
      this.notes.add(note);
      this.context.err.print(note);
    }
  }

  private async tellFailure(task: TaskSummary): Promise<void> {
    this.failures++;
    if (this.failures <= MAX_FAILURE_LINES) {
      this.context.err.print(formatFailureLine(await this.watch.describe(task), task.state));
    } else if (this.failures === MAX_FAILURE_LINES + 1) {
      this.context.err.print('More tasks fail; they are counted from here on. `hsm errors` groups them.');
    }
  }
}

function latest(tasks: readonly TaskSummary[]): TaskSummary | undefined {
  return tasks.reduce<TaskSummary | undefined>(
    (last, task) => ((task.endedAtMs ?? 0) >= (last?.endedAtMs ?? 0) ? task : last),
    undefined,
  );
}
