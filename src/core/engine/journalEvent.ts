import type { AttemptRecord, Placement } from '../compute/computeSource';
import type { ResourceChange } from './resourceChange';
import type { SweepSource } from './sweepSource';
import type { TaskRange } from './taskRanges';

/** A user's verb, as it is journaled and as another process may request it. */
export type SweepRequest =
  | { readonly verb: 'pause' | 'resume' | 'stop' }
  /** Without `tasks`: all. */
  | { readonly verb: 'cancel'; readonly tasks?: readonly number[] }
  | {
      readonly verb: 'rerun';
      readonly tasks: readonly number[];
      /** Absent: as it was. */
      readonly change?: ResourceChange;
      /** Sources that the sweep did not have before; the change names them. */
      readonly joining?: readonly SweepSource[];
    }
  | { readonly verb: 'slots'; readonly source: string; readonly slots: number };

/** Whether a source is trusted with tasks. */
export type SourceStanding = 'in' | 'trial' | 'out';

/**
 * What a sweep's journal holds, one event per line. The state of a sweep is a function of its manifest and these
 * events in their order; any prefix is a valid past. Numbers `n` only grow, so that a line that is there twice is
 * told from news, and lines that are gone are missed.
 */
export type JournalEvent = SweepEvent & { readonly n?: number };

type SweepEvent =
  /** A process began to drive the sweep. */
  | { readonly kind: 'driver'; readonly at: number; readonly pid: number; readonly host: string }
  /** Intent: written before the source is called, so that an interrupted hand-over is repeated under its token. */
  | {
      readonly kind: 'submitting';
      readonly at: number;
      readonly source: string;
      readonly token: string;
      readonly tasks: readonly TaskRange[];
    }
  /** The source has accepted the batch. */
  | { readonly kind: 'submitted'; readonly at: number; readonly source: string; readonly token: string }
  /** News from a source, with the place to read on: both are remembered or neither. */
  | {
      readonly kind: 'observed';
      readonly at: number;
      readonly source: string;
      readonly cursor: string;
      readonly records: readonly AttemptRecord[];
    }
  | { readonly kind: 'asked'; readonly at: number; readonly request: SweepRequest }
  /** Where a source runs the sweep, and which code; again when that changed, e.g. after it was removed there. */
  | ({ readonly kind: 'placed'; readonly at: number; readonly source: string } & Placement)
  /** A source gets no more tasks (`out`), one task to prove itself (`trial`), or its full share again (`in`). */
  | {
      readonly kind: 'standing';
      readonly at: number;
      readonly source: string;
      readonly standing: SourceStanding;
      readonly reason: string;
    }
  /** Tasks were added at the end. */
  | { readonly kind: 'extended'; readonly at: number; readonly total: number }
  /** The journal is damaged to this extent: what the sources know is asked for again, from the beginning. */
  | { readonly kind: 'repaired'; readonly at: number; readonly damage: number }
  /** Intent after a repair: no source may start these attempts, which may have been handed over to any of them. */
  | { readonly kind: 'fencing'; readonly at: number; readonly tasks: readonly TaskRange[] }
  /** This source has taken them back. */
  | { readonly kind: 'fenced'; readonly at: number; readonly source: string };

type PackedRecord = readonly (string | number)[];

/** The line for an event, without the newline. Records are packed: a sweep writes two of them for every task. */
export function formatEvent(event: JournalEvent): string {
  if (event.kind !== 'observed') return JSON.stringify(event);
  return JSON.stringify({ ...event, records: event.records.map(packRecord) });
}

/** Reads a line of a journal. Undefined when it is not one, e.g. torn by a crash or filled with zeros. */
export function parseEvent(line: string): JournalEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  // The journal is written by this module alone, perhaps in a newer version, whose kinds are told by the snapshot.
  const event = value as JournalEvent & { readonly records?: readonly PackedRecord[] };
  if (event.kind !== 'observed') return event;
  if (!Array.isArray(event.records)) return undefined;
  return { ...event, records: event.records.map(unpackRecord).filter((record) => record !== undefined) };
}

/** `["S",12,1,0,4711,1700000000000]`: task, attempt, slot, pid, time. `["E",12,1,0,1700000001000]`: exit code, time. */
function packRecord(record: AttemptRecord): PackedRecord {
  const { task, attempt, atMs } = record;
  switch (record.kind) {
    case 'started':
      return ['S', task, attempt, record.slot, record.pid, atMs];
    case 'ended':
      return record.endedBy
        ? ['E', task, attempt, record.exitCode, atMs, record.endedBy]
        : ['E', task, attempt, record.exitCode, atMs];
    case 'lost':
      return ['L', task, attempt, record.evidence, atMs];
    case 'released':
      return ['R', task, attempt, record.evidence, atMs];
  }
}

function unpackRecord(packed: PackedRecord): AttemptRecord | undefined {
  const [letter, task, attempt, third, fourth, fifth] = packed;
  if (typeof task !== 'number' || typeof attempt !== 'number') return undefined;
  if (letter === 'S') {
    return { kind: 'started', task, attempt, slot: Number(third), pid: Number(fourth), atMs: Number(fifth) };
  }
  if (letter === 'E') {
    const ended = { kind: 'ended', task, attempt, exitCode: Number(third), atMs: Number(fourth) } as const;
    return fifth === 'timeout' || fifth === 'cancel' ? { ...ended, endedBy: fifth } : ended;
  }
  if (letter === 'L') return { kind: 'lost', task, attempt, evidence: String(third), atMs: Number(fourth) };
  if (letter === 'R')
    return { kind: 'released', task, attempt, evidence: String(third), atMs: Number(fourth) };
  return undefined;
}
