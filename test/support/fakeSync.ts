import { HsmError } from '../../src/core/base/errors';
import { Emitter } from '../../src/core/base/event';
import type { Backup, Side } from '../../src/core/sync/backup';
import type { Comparison } from '../../src/core/sync/comparison';
import type {
  RestoreOptions,
  SyncChoice,
  SyncConsent,
  SyncFacade,
  SyncReport,
  SyncSummary,
} from '../../src/core/sync/syncFacade';

/** Checkouts in memory: tests set their states and see which verbs were called. */
export class FakeSync implements SyncFacade {
  private readonly changed = new Emitter<string>();
  readonly onDidChange = this.changed.event;
  readonly calls: string[] = [];
  readonly remoteFiles = new Map<string, Uint8Array>();
  backupList: readonly Backup[] = [];
  private readonly summaries = new Map<string, SyncSummary>();
  /** Why a transfer cannot be compared again after it; undefined: it can. */
  notCompared: string | undefined;
  /** Thrown by the next push, pull or restore. */
  failure: Error | undefined;

  set(summary: Partial<SyncSummary> & Pick<SyncSummary, 'source'>): void {
    this.summaries.set(summary.source, {
      host: 'box',
      checkout: '~/project',
      phase: 'idle',
      runningTasks: 0,
      ...summary,
    });
    this.changed.fire(summary.source);
  }

  remotes(): readonly SyncSummary[] {
    return [...this.summaries.values()];
  }

  remote(source: string): SyncSummary | undefined {
    return this.summaries.get(source);
  }

  compare(source: string): Promise<Comparison> {
    this.calls.push(`compare ${source}`);
    return Promise.resolve(this.comparisonOf(source));
  }

  refresh(source: string): Promise<Comparison | undefined> {
    return this.compare(source);
  }

  push(source: string, choice: SyncChoice = {}, consent: SyncConsent = {}): Promise<SyncReport> {
    return this.transfer('push', source, choice, consent);
  }

  pull(source: string, choice: SyncChoice = {}, consent: SyncConsent = {}): Promise<SyncReport> {
    return this.transfer('pull', source, choice, consent);
  }

  readRemote(_source: string, path: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.remoteFiles.get(path));
  }

  backups(): Promise<readonly Backup[]> {
    return Promise.resolve(this.backupList);
  }

  restore(
    source: string,
    { id, side }: { readonly id: string; readonly side: Side },
    { files }: RestoreOptions = {},
  ): Promise<readonly string[]> {
    const failure = this.failure;
    this.failure = undefined;
    if (failure) return Promise.reject(failure);
    this.calls.push(`restore ${source} ${side} ${id} ${files?.join(' ') ?? 'all'}`);
    return Promise.resolve(files ?? this.backupList.find((backup) => backup.id === id)?.files ?? []);
  }

  private transfer(
    direction: 'push' | 'pull',
    source: string,
    { files, commits }: SyncChoice,
    { agreed = [] }: SyncConsent,
  ): Promise<SyncReport> {
    const words = [direction, source, files?.join(' ') ?? 'all'];
    if (commits !== undefined) words.push(commits ? 'with commits' : 'without commits');
    if (agreed === 'everything') words.push('whatever it takes');
    else words.push(...agreed.map(({ text }) => `agreed: ${text}`));
    this.calls.push(words.join(' '));
    const failure = this.failure;
    this.failure = undefined;
    if (failure) return Promise.reject(failure);
    const { notCompared } = this;
    const comparison = this.comparisonOf(source);
    if (notCompared !== undefined) {
      const written = files ?? comparison.offer?.push.slice(0, 1) ?? [];
      return Promise.resolve({ source, direction, commits: 0, written, deleted: [], notCompared });
    }
    return Promise.resolve({ source, direction, commits: 0, written: files ?? [], deleted: [], comparison });
  }

  private comparisonOf(source: string): Comparison {
    const comparison = this.summaries.get(source)?.comparison;
    if (comparison) return comparison;
    throw new HsmError('input.invalid', `The test gave ${source} no comparison.`, {});
  }
}
