import type { Clock } from '../base/clock';
import { errorText, HsmError } from '../base/errors';
import { Emitter } from '../base/event';
import type { Disposable } from '../base/lifecycle';
import { Mutex } from '../base/mutex';
import type { Backup, Side } from './backup';
import type { CheckoutPort } from './checkoutPort';
import type { Comparison } from './comparison';
import { ProjectStateChecker } from './projectStateChecker';
import { ProjectSyncError } from './projectSyncError';
import { ProjectSyncManager, type SyncRequest } from './projectSyncManager';
import type {
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
  /** Tasks that run from the checkout now. */
  runningTasks(source: string): number;
  readonly clock: Clock;
}

/** What is remembered of one checkout. */
interface Memory {
  readonly steps: Mutex;
  phase: SyncPhase;
  progress?: SyncProgress | undefined;
  comparison?: Comparison | undefined;
  comparedAtMs?: number | undefined;
  error?: string | undefined;
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
    return this.step(source, 'comparing', async ({ checker, memory }) => {
      memory.comparison = await checker.verifyProjectSync(signal);
      memory.comparedAtMs = this.options.clock.now();
      return memory.comparison;
    });
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
    { files, signal = never() }: { readonly files?: readonly string[]; readonly signal?: AbortSignal } = {},
  ): Promise<readonly string[]> {
    return this.step(source, 'restoring', async ({ checkout, checker, memory }) => {
      const all = await checkout.backups(signal);
      const found = all.find(({ id, side }) => id === backup.id && side === backup.side);
      if (!found) throw new HsmError('input.invalid', `There is no backup ${backup.id} of ${source}.`, {});
      const missing = (files ?? []).filter((path) => !found.files.includes(path));
      if (missing.length > 0) {
        throw new HsmError(
          'input.invalid',
          `The backup ${backup.id} does not hold ${missing.join(', ')}.`,
          {},
        );
      }
      const restored = await checkout.restore(backup, files ?? found.files, signal);
      memory.comparison = await checker.verifyProjectSync(signal);
      memory.comparedAtMs = this.options.clock.now();
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
    return this.step(source, phase, async ({ checkout, checker, memory }) => {
      const shown = consent.shown ?? memory.comparison ?? (await checker.verifyProjectSync(signal));
      if (phase === 'pushing') this.requireIdle(source, consent);
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
      memory.comparison = report.comparison;
      memory.comparedAtMs = this.options.clock.now();
      return report;
    });
  }

  /** Tasks read their code while they run: a push under them is the user's decision. */
  private requireIdle(source: string, { confirmed }: SyncConsent): void {
    const running = this.options.runningTasks(source);
    if (running === 0 || confirmed === true) return;
    const tasks = running === 1 ? '1 task runs' : `${running} tasks run`;
    throw new ProjectSyncError('Nothing was transferred.', [
      {
        text: `${tasks} from the checkout of ${source} now and would meet the new code midway.`,
        action: 'Wait until they are over, or confirm.',
        blocks: false,
        about: 'everything',
      },
    ]);
  }

  private async step<T>(
    source: string,
    phase: SyncPhase,
    work: (parts: { checkout: CheckoutPort; checker: ProjectStateChecker; memory: Memory }) => Promise<T>,
  ): Promise<T> {
    this.require(source);
    const memory = this.memory(source);
    return memory.steps.run(async () => {
      const checkout = this.options.open(source);
      this.update(source, { phase, progress: undefined, error: undefined });
      try {
        const result = await work({ checkout, checker: new ProjectStateChecker(source, checkout), memory });
        this.update(source, { phase: 'idle', progress: undefined });
        return result;
      } catch (error) {
        // What it was going by may be wrong now: the next step looks again.
        if (phase !== 'comparing' && !isQuestion(error)) memory.comparison = undefined;
        const text = isCancellation(error) ? undefined : errorText(error);
        this.update(source, { phase: 'idle', progress: undefined, error: text });
        throw error;
      }
    });
  }

  private update(source: string, change: Partial<Omit<Memory, 'steps'>>): void {
    Object.assign(this.memory(source), change);
    this.changed.fire(source);
  }

  private memory(source: string): Memory {
    const known = this.memories.get(source);
    if (known) return known;
    const memory: Memory = { steps: new Mutex(), phase: 'idle' };
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
          : 'Add `checkout:` with the path of your copy there to a source in .hsm/config.yaml.',
    });
  }
}

/** Refused only until the user says yes. */
function isQuestion(error: unknown): boolean {
  if (!(error instanceof ProjectSyncError)) return false;
  const { details } = error;
  return details.reasons.length > 0 && details.reasons.every(({ blocks }) => !blocks);
}

/** The user's own wish is no failure to show. */
function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function never(): AbortSignal {
  return new AbortController().signal;
}
