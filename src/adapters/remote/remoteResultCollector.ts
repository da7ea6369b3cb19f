import type { Logger } from '../../core/base/logger';
import { ResultCollectionError, type CollectionFault } from '../../core/collection/resultCollectionError';
import { failedCollection } from '../../core/collection/resultCollectionManager';
import type { CollectionReport, CollectOptions, LeftOutFile } from '../../core/compute/computeSource';
import type { CollectRules } from '../../core/project/sourceConfig';
import type { StreamHost } from '../host/streamHost';
import type { FileTransfer } from '../transfer/fileTransfer';
import type { Difference, Selection, TransferResult, TransferRun } from '../transfer/transfer';

export interface CollectorParts {
  /** Name of the source whose tasks they are. */
  readonly source: string;
  readonly transfer: FileTransfer;
  readonly host: StreamHost;
  readonly log: Logger;
  /** Holds the tasks' directories there. */
  readonly remoteTasksDir: string;
  /** And here. */
  readonly localTasksDir: string;
  readonly rules: CollectRules;
}

/** What a task's record is made of: it comes home whatever the configuration includes. */
const RECORDS = ['stdout*.log', 'stderr*.log', 'attempts.jsonl', 'params.yaml', 'failure.txt'];

/** What is worth seeing of a task that still runs. */
const LIVE = [...RECORDS, '*.log', '*.csv', '*.jsonl', '*.json', 'events.out.tfevents.*'];
const LIVE_MAX_BYTES = 16 * 1024 ** 2;

/** How many files that stayed there a report names. */
const MAX_NAMED = 200;

/** Brings tasks' directories from a host into the sweep's directory, and compares what came with what is there. */
export class RemoteResultCollector {
  constructor(private readonly parts: CollectorParts) {}

  /**
   * Brings what is not here yet. Never rejects but for the signal: what went wrong is in the report.
   *
   * @param tasks - number → name of the task's directory
   */
  async collect(
    tasks: ReadonlyMap<number, string>,
    signal: AbortSignal,
    { whileRunning = false, beforeAppearing, onProgress }: CollectOptions = {},
  ): Promise<CollectionReport> {
    if (tasks.size === 0) return { collected: [], failed: [], bytes: 0, errors: [] };
    const run: TransferRun = {
      signal,
      ...(beforeAppearing && { beforeAppearing }),
      ...(onProgress && { onProgress }),
    };
    try {
      if (!whileRunning) return await this.bring(tasks, this.selection(tasks), run);
      const { transfer, remoteTasksDir, localTasksDir } = this.parts;
      const { bytes } = await transfer.pull(remoteTasksDir, localTasksDir, this.liveSelection(tasks), run);
      return { collected: [], failed: [], bytes, errors: [] };
    } catch (error) {
      signal.throwIfAborted();
      return failedCollection(this.parts.source, tasks, error);
    }
  }

  /** What differs is brought once more, whatever its size and time say, before it counts as different. */
  private async bring(
    tasks: ReadonlyMap<number, string>,
    selection: Selection,
    run: TransferRun,
  ): Promise<CollectionReport> {
    const { log, host, rules } = this.parts;
    const first = await this.pull(selection, run);
    const { differences, bytes } = first;
    if (differences.length === 0) return this.report(tasks, first, differences, bytes);
    log.info(`${host.label}: ${differences.length} files are not the same here and there; once more`);
    const again = await this.pull(
      {
        files: differences.map(({ path }) => path),
        evenIfUnchanged: true,
        ...(rules.maxBytes !== undefined && { maxSize: rules.maxBytes }),
      },
      run,
    );
    // What is gone there by now is here as it was.
    const pulled = { ...first, skipped: [...first.skipped, ...again.skipped] };
    return this.report(tasks, pulled, again.differences, bytes + again.bytes);
  }

  private async pull(
    selection: Selection,
    run: TransferRun,
  ): Promise<TransferResult & { readonly differences: readonly Difference[] }> {
    const { transfer, remoteTasksDir, localTasksDir, log, host } = this.parts;
    const pulled = await transfer.pullCompared(remoteTasksDir, localTasksDir, selection, run);
    if (pulled.differences) return { ...pulled, differences: pulled.differences };
    // The transfer itself said that all arrived. Nothing is removed there without a comparison.
    log.warn(`${host.label} has no tool for SHA-256: what was collected is not compared`);
    return { ...pulled, differences: [] };
  }

  private report(
    tasks: ReadonlyMap<number, string>,
    pulled: TransferResult,
    differences: readonly Difference[],
    bytes: number,
  ): CollectionReport {
    const { failed, leftOut } = judge(tasks, pulled, differences);
    const [first] = failed.values();
    return {
      collected: [...tasks.keys()].filter((number) => !failed.has(number)),
      failed: [...tasks.keys()].filter((number) => failed.has(number)),
      bytes,
      errors: [...new Set([...failed.values()].map(({ text }) => text))].slice(0, MAX_NAMED),
      ...(first && { failure: new ResultCollectionError(this.parts.source, first.fault, first.text) }),
      ...(leftOut.length > 0 && {
        leftOut: largest(leftOut),
        leftOutTotal: { files: leftOut.length, bytes: sum(leftOut.map(({ bytes: each = 0 }) => each)) },
      }),
    };
  }

  private selection(tasks: ReadonlyMap<number, string>): Selection {
    return { files: [...tasks.values()], ...selectionOf(this.parts.rules) };
  }

  private liveSelection(tasks: ReadonlyMap<number, string>): Selection {
    const { exclude = [] } = this.parts.rules;
    return {
      files: [...tasks.values()],
      include: LIVE.map(belowTask),
      exclude: exclude.map(belowTask),
      maxSize: LIVE_MAX_BYTES,
    };
  }
}

/** What of the tasks' directories comes home. */
export function selectionOf({ include, exclude, maxBytes }: CollectRules): Selection {
  return {
    keepLinks: true,
    ...(include && { include: [...include, ...RECORDS].map(belowTask) }),
    ...(exclude && { exclude: exclude.map(belowTask) }),
    ...(maxBytes !== undefined && { maxSize: maxBytes }),
  };
}

/**
 * A pattern relative to a task's directory as one relative to the directory of all tasks. A pattern with a slash other
 * than at its end is bound to the directory it is written for; others hold at any depth.
 */
export function belowTask(pattern: string): string {
  const isNegated = pattern.startsWith('!');
  const plain = isNegated ? pattern.slice(1) : pattern;
  if (!plain.slice(0, -1).includes('/')) return pattern;
  return `${isNegated ? '!' : ''}/*/${plain.replace(/^\//, '')}`;
}

function filesOf({ files, unchanged }: TransferResult): string[] {
  return [...files, ...unchanged];
}

/** Why a task does not count as collected. */
interface Failure {
  readonly fault: CollectionFault;
  readonly text: string;
}

/** What may be repaired by the next try comes first. */
function judge(
  tasks: ReadonlyMap<number, string>,
  pulled: TransferResult,
  differences: readonly Difference[],
): { failed: ReadonlyMap<number, Failure>; leftOut: readonly LeftOutFile[] } {
  const numberOf = new Map([...tasks].map(([number, name]) => [name, number]));
  const ownerOf = (path: string): number | undefined => numberOf.get(path.split('/', 1)[0] ?? '');
  const failed = new Map<number, Failure>();
  const note = (task: number | undefined, fault: CollectionFault, text: string): void => {
    if (task !== undefined && !failed.has(task)) failed.set(task, { fault, text });
  };
  for (const { path, kind } of differences)
    note(ownerOf(path), 'different', `${path} is not the same here and there (${kind})`);
  for (const { path, detail } of pulled.skipped.filter(({ reason }) => reason === 'unreadable')) {
    // Of what nobody knows where it is, any task may miss something.
    const owners = path === '' ? tasks.keys() : [ownerOf(path)];
    for (const owner of owners) note(owner, 'unreadable', `${path || 'Something'} ${detail}`);
  }
  const present = new Set([...filesOf(pulled), ...pulled.skipped.map(({ path }) => path)].map(ownerOf));
  for (const [number, name] of tasks)
    if (!present.has(number)) note(number, 'gone', `nothing of ${name} is there any more`);
  const leftOut = pulled.skipped
    .filter(({ reason }) => reason !== 'unreadable')
    .flatMap(({ path, detail, reason, size }): LeftOutFile | readonly [] => {
      const task = ownerOf(path);
      if (task === undefined) return [];
      return {
        task,
        path: path.slice(path.indexOf('/') + 1),
        reason: detail,
        ...(size !== undefined && { bytes: size }),
        ...(reason === 'unwanted' && { isByChoice: true }),
      };
    });
  return { failed, leftOut };
}

/** So many that a report may name them. What is as large as another stays in the order of the tasks. */
function largest(files: readonly LeftOutFile[]): LeftOutFile[] {
  return [...files].sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0)).slice(0, MAX_NAMED);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
