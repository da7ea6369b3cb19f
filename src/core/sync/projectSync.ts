import type { Clock } from '../base/clock';
import { errorText, HsmError } from '../base/errors';
import { Emitter } from '../base/event';
import type { Disposable } from '../base/lifecycle';
import { Mutex } from '../base/mutex';
import { unlessAborted } from '../base/unlessAborted';
import { foreignLine } from '../analysis/foreignLine';
import type { Backup, Side } from './backup';
import type { CheckoutPort } from './checkoutPort';
import type { Comparison } from './comparison';
import { notAgreed, runningReasons, type Agreed } from './consent';
import { ProjectStateChecker } from './projectStateChecker';
import { ProjectSyncError, questionsOf } from './projectSyncError';
import { compareAfter, ProjectSyncManager, type LookedAgain, type SyncRequest } from './projectSyncManager';
import type {
  RestoreOptions,
  SyncChoice,
  SyncConsent,
  SyncFacade,
  SyncPhase,
  SyncProgress,
  SyncReport,
  SyncSummary,
} from './syncFacade';

/** A source whose configuration names a checkout. */
export interface CheckoutPlace {
  readonly source: string;
  readonly host: string;
  readonly checkout: string;
}

export interface ProjectSyncOptions {
  /** As configured now. */
  places(): readonly CheckoutPlace[];
  /** @throws HsmError for a checkout that this build cannot reach */
  open(source: string): CheckoutPort;
  /** Tasks that run from the checkout of a source now, whichever source they belong to. */
  runningTasks(source: string): number;
  /**
   * Asks the hosts for that, where nobody here has followed. Resolves also when one does not answer: then what was known
   * last stands.
   */
  learnRunningTasks(source: string): Promise<void>;
  readonly clock: Clock;
}

/** What is remembered of one checkout. */
interface Memory {
  readonly steps: Mutex;
  /** Steps that were asked for and are not over. */
  due: number;
  /** Ends a comparison that nobody waits for. */
  refresh?: AbortController | undefined;
  phase: SyncPhase;
  progress?: SyncProgress | undefined;
  comparison?: Comparison | undefined;
  comparedAtMs?: number | undefined;
  error?: string | undefined;
}

/** What a step works with. */
interface StepParts {
  readonly checkout: CheckoutPort;
  readonly checker: ProjectStateChecker;
  readonly memory: Memory;
}

/** The checkouts of a project: state from memory, steps one after the other for each. */
export class ProjectSync implements SyncFacade, Disposable {
  private readonly changed = new Emitter<string>();
  readonly onDidChange = this.changed.event;
  private readonly memories = new Map<string, Memory>();

  constructor(private readonly options: ProjectSyncOptions) {}

  remotes(): readonly SyncSummary[] {
    return this.options.places().map((place) => this.summary(place));
  }

  remote(source: string): SyncSummary | undefined {
    const place = this.find(source);
    return place && this.summary(place);
  }

  compare(source: string, signal = never()): Promise<Comparison> {
    return this.step(source, 'comparing', signal, async (parts) => {
      const learned = unlessAborted(this.options.learnRunningTasks(source), signal);
      const [comparison] = await Promise.all([this.look(parts, signal), learned]);
      return comparison;
    });
  }

  async refresh(source: string, signal = never()): Promise<Comparison | undefined> {
    this.require(source);
    const memory = this.memory(source);
    if (memory.due > 0) return undefined;
    const abort = new AbortController();
    const either = AbortSignal.any([signal, abort.signal]);
    // Nobody waits for it: it shows by what it finds.
    const refreshed = this.step(source, 'idle', either, (parts) => this.look(parts, either));
    memory.refresh = abort;
    try {
      return await refreshed;
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      throw error;
    } finally {
      if (memory.refresh === abort) memory.refresh = undefined;
    }
  }

  push(source: string, choice: SyncChoice = {}, consent: SyncConsent = {}): Promise<SyncReport> {
    return this.transfer(source, 'pushing', choice, consent);
  }

  pull(source: string, choice: SyncChoice = {}, consent: SyncConsent = {}): Promise<SyncReport> {
    return this.transfer(source, 'pulling', choice, consent);
  }

  async readRemote(source: string, path: string, signal = never()): Promise<Uint8Array | undefined> {
    this.require(source);
    return this.options.open(source).readRemote(path, signal);
  }

  async backups(source: string, signal = never()): Promise<readonly Backup[]> {
    this.require(source);
    return this.options.open(source).backups(signal);
  }

  restore(
    source: string,
    backup: { readonly id: string; readonly side: Side },
    { files, agreed, signal = never() }: RestoreOptions = {},
  ): Promise<readonly string[]> {
    return this.step(source, 'restoring', signal, async ({ checkout, checker, memory }) => {
      if (backup.side === 'remote') await this.requireIdle(source, signal, agreed);
      const found = await findBackup(checkout, source, backup, signal);
      const missing = (files ?? []).filter((path) => !found.files.includes(path));
      if (missing.length > 0) {
        const names = missing.map((path) => foreignLine(path)).join(', ');
        throw new HsmError('input.invalid', `The backup ${backup.id} does not hold ${names}.`, {});
      }
      const restored = await checkout.restore(backup, files ?? found.files, signal);
      // What was put back is told, whatever becomes of the look after it.
      this.adopt(memory, await compareAfter(checker, signal));
      return restored;
    });
  }

  dispose(): void {
    this.changed.dispose();
  }

  private transfer(
    source: string,
    phase: 'pushing' | 'pulling',
    choice: SyncChoice,
    consent: SyncConsent,
  ): Promise<SyncReport> {
    const signal = consent.signal ?? never();
    return this.step(source, phase, signal, async ({ checkout, checker, memory }) => {
      const shown = consent.shown ?? memory.comparison ?? (await checker.verifyProjectSync(signal));
      if (phase === 'pushing') await this.requireIdle(source, signal, consent.agreed);
      const tell = (progress: SyncProgress): void => {
        memory.progress = progress;
        this.changed.fire(source);
      };
      const request: SyncRequest = { choice, consent, signal, tell };
      const manager = new ProjectSyncManager(checkout, checker);
      const report =
        phase === 'pushing'
          ? await manager.syncFilesToRemote(shown, request)
          : await manager.reverseSyncFromRemote(shown, request);
      this.adopt(memory, report);
      return report;
    });
  }

  /** Tasks read their code while they run: what changes it under them is the user's decision. */
  private async requireIdle(source: string, signal: AbortSignal, agreed: Agreed = []): Promise<void> {
    await unlessAborted(this.options.learnRunningTasks(source), signal);
    const untold = notAgreed(runningReasons(source, this.options.runningTasks(source)), agreed);
    if (untold.length > 0) throw new ProjectSyncError('Nothing was transferred.', untold);
  }

  private async look({ checker, memory }: StepParts, signal: AbortSignal): Promise<Comparison> {
    const comparison = await checker.verifyProjectSync(signal);
    this.adopt(memory, { comparison });
    return comparison;
  }

  /** Takes over how things stand; where that is not known, nothing is. */
  private adopt(memory: Memory, { comparison, notCompared }: LookedAgain): void {
    memory.comparison = comparison;
    memory.comparedAtMs = comparison && this.options.clock.now();
    memory.error = notCompared;
  }

  private async step<T>(
    source: string,
    phase: SyncPhase,
    signal: AbortSignal,
    work: (parts: StepParts) => Promise<T>,
  ): Promise<T> {
    this.require(source);
    const memory = this.memory(source);
    memory.refresh?.abort();
    memory.due += 1;
    try {
      return await memory.steps.run(() => this.carryOut(source, phase, signal, work), signal);
    } finally {
      memory.due -= 1;
    }
  }

  /** @param phase - `idle`: it is not shown */
  private async carryOut<T>(
    source: string,
    phase: SyncPhase,
    signal: AbortSignal,
    work: (parts: StepParts) => Promise<T>,
  ): Promise<T> {
    const memory = this.memory(source);
    const checkout = this.options.open(source);
    if (phase !== 'idle') this.update(source, { phase, progress: undefined, error: undefined });
    try {
      const result = await work({ checkout, checker: new ProjectStateChecker(source, checkout), memory });
      this.update(source, { phase: 'idle', progress: undefined });
      return result;
    } catch (error) {
      // What it was going by may be wrong now: the next step looks again.
      const onlyLooked = phase === 'comparing' || phase === 'idle';
      const isQuestion = questionsOf(error) !== undefined;
      if (!onlyLooked && !isQuestion) memory.comparison = undefined;
      // A question and the user's own wish are no failures to show.
      const text = signal.aborted || isQuestion ? memory.error : errorText(error);
      this.update(source, { phase: 'idle', progress: undefined, error: text });
      throw error;
    }
  }

  private update(source: string, change: Partial<Pick<Memory, 'phase' | 'progress' | 'error'>>): void {
    Object.assign(this.memory(source), change);
    this.changed.fire(source);
  }

  private memory(source: string): Memory {
    const known = this.memories.get(source);
    if (known) return known;
    const memory: Memory = { steps: new Mutex(), due: 0, phase: 'idle' };
    this.memories.set(source, memory);
    return memory;
  }

  private summary(place: CheckoutPlace): SyncSummary {
    const { phase, progress, comparison, comparedAtMs, error } = this.memory(place.source);
    return {
      ...place,
      phase,
      runningTasks: this.options.runningTasks(place.source),
      ...(progress && { progress }),
      ...(comparison && { comparison }),
      ...(comparedAtMs !== undefined && { comparedAtMs }),
      ...(error !== undefined && { error }),
    };
  }

  private find(source: string): CheckoutPlace | undefined {
    return this.options.places().find((place) => place.source === source);
  }

  private require(source: string): void {
    if (this.find(source)) return;
    const names = this.options.places().map((place) => place.source);
    throw new HsmError('input.invalid', `The compute source "${source}" has no checkout to sync.`, {
      hint:
        names.length > 0
          ? `Sources with a checkout: ${names.join(', ')}.`
          : 'Add `checkout: ~/path/there` to a source in .hsm/config.yaml. If it is there, hsm check tells what is wrong with it.',
    });
  }
}

async function findBackup(
  checkout: CheckoutPort,
  source: string,
  { id, side }: { readonly id: string; readonly side: Side },
  signal: AbortSignal,
): Promise<Backup> {
  const found = (await checkout.backups(signal)).find((backup) => backup.id === id && backup.side === side);
  if (found) return found;
  throw new HsmError('input.invalid', `There is no backup ${id} of ${source}.`, {});
}

function never(): AbortSignal {
  return new AbortController().signal;
}
