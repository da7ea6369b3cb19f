import type { FailureGroup } from '../core/analysis/failure';
import type { FileProblem } from '../core/base/errors';
import type { CollectionReport } from '../core/compute/computeSource';
import type { ConnectionState } from '../core/compute/hostConnections';
import { isSweepOver } from '../core/engine/taskState';
import type { Backup } from '../core/sync/backup';
import type { Comparison } from '../core/sync/comparison';
import { canOfferSync } from '../core/sync/offer';
import type { SyncReport } from '../core/sync/syncFacade';
import type { CleanPlan, SourceSummary, SweepSummary, TaskSummary } from '../core/facade';
import { statisticsOf, type RowGroup } from '../core/results/groupRows';
import type { ResultTable } from '../core/results/resultTable';
import type { ColumnAccess } from '../core/results/tableColumns';

/*
 * What `--json` prints: contracts with scripts, additions only. Keys whose value is undefined are left out by
 * JSON.stringify.
 */

/** Of `run`, `attach`, `rerun`, `extend`. */
export function toRunJson(sweep: SweepSummary, nowMs: number): object {
  const { counts } = sweep;
  const endMs = isSweepOver(sweep.state) ? (sweep.endedAtMs ?? nowMs) : nowMs;
  return {
    sweepId: sweep.id,
    sweepDir: sweep.dir,
    state: sweep.state,
    total: sweep.total,
    succeeded: counts.succeeded,
    failed: counts.failed,
    cancelled: counts.cancelled,
    lost: counts.lost,
    durationMs: Math.max(0, Math.round(endMs - sweep.createdAtMs)),
  };
}

/** Of `status`: one sweep, without its tasks. */
export function toSweepJson(sweep: SweepSummary, nowMs: number): object {
  const { counts } = sweep;
  return {
    ...toRunJson(sweep, nowMs),
    waiting: counts.waiting,
    queued: counts.queued,
    running: counts.running,
    file: sweep.file,
    description: sweep.description,
    sources: sweep.sources,
    createdAt: toTime(sweep.createdAtMs),
    endedAt: toTime(sweep.endedAtMs),
    lastNewsAt: toTime(sweep.lastNewsAtMs),
    remainingMs: sweep.remainingMs === undefined ? undefined : Math.round(sweep.remainingMs),
    driver: sweep.driver,
    notes: sweep.notes,
  };
}

/** Of `status SWEEP`: one of its tasks. */
export function toTaskJson(task: TaskSummary): object {
  return {
    number: task.number,
    name: task.name,
    state: task.state,
    source: task.source,
    attempt: task.attempt,
    exitCode: task.exitCode,
    signal: task.signal,
    reason: task.reason,
    startedAt: toTime(task.startedAtMs),
    endedAt: toTime(task.endedAtMs),
    resources: task.resources,
  };
}

/** Of `errors SWEEP`. */
export function toGroupJson(group: FailureGroup): object {
  const { signature, title, tasks, file, line, explanation, sharedParameters, places } = group;
  return {
    signature,
    title,
    count: tasks.length,
    tasks,
    file,
    line,
    pattern: explanation?.pattern,
    class: explanation?.class,
    explanation: explanation?.explanation,
    advice: explanation?.advice,
    knownFrom: explanation?.knownFrom,
    mayBeRelated: explanation?.isOnlyRelated,
    said: explanation?.said,
    sharedParameters,
    notCompared: group.isNotCompared,
    places,
    firstAt: toTime(group.firstAtMs),
    lastAt: toTime(group.lastAtMs),
  };
}

/** Of `check`. */
export function toProblemJson({ file, range, severity, code, message, hint }: FileProblem): object {
  return { file, line: range.line, column: range.column, severity, code, message, hint };
}

/**
 * Of `results --average-over`: one array, group by group. `mean` is null for a group without a value, `sd` for one with
 * fewer than two.
 */
export function toGroupsJson(
  table: ResultTable,
  parameters: readonly ColumnAccess[],
  metrics: readonly ColumnAccess[],
  groups: readonly RowGroup[],
): readonly object[] {
  const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return groups.map(({ rows, counted }) => ({
    tasks: rows.map((row) => table.tasks[row]),
    parameters: Object.fromEntries(
      parameters.map((column) => [column.column?.name ?? column.id, column.cell(rows[0] ?? 0)]),
    ),
    metrics: Object.fromEntries(
      metrics.map((column) => {
        const { mean, deviation, count } = statisticsOf(counted, column);
        return [column.column?.name ?? column.id, { mean: orNull(mean), sd: orNull(deviation), count }];
      }),
    ),
  }));
}

/** Of `sources`. */
export function toSourceJson(source: SourceSummary, connection?: ConnectionState): object {
  const { health } = source;
  return {
    name: source.name,
    type: source.type,
    host: source.host,
    state: health?.state ?? 'unknown',
    slots: source.slots,
    active: source.active,
    latencyMs: health?.latencyMs,
    disk: health?.disk,
    memory: health?.memory,
    clockOffsetMs: health?.clockOffsetMs,
    gpus: health?.gpus,
    gpuUse: source.gpuUse,
    tools: health?.tools,
    transport: connection?.kind === 'connected' ? connection.transport : undefined,
    transportReason: connection?.kind === 'connected' ? connection.because : undefined,
    load: health?.load,
    problems: health?.problems ?? [],
  };
}

/** Of `collect`. */
export function toCollectionJson(source: string, report: CollectionReport): object {
  const { collected, failed, bytes, errors, failure, leftOut, leftOutTotal } = report;
  return { source, collected, failed, bytes, errors, fault: failure?.fault, leftOut, leftOutTotal };
}

/** Of `clean`: what could be removed, and what was; `done` is absent while nothing was asked to be removed. */
export function toCleanJson({ source, remove, keep }: CleanPlan, done: CleanPlan | undefined): object {
  return { source, remove, keep, removed: done?.remove ?? [] };
}

function toTime(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

/** Of `sync check`. */
export function toComparisonJson(comparison: Comparison): object {
  const { source, inSync, method, verdict, local, remote, ahead, behind, safe, files, warnings, errors } =
    comparison;
  return {
    source,
    inSync,
    method,
    verdict,
    local,
    remote,
    ahead,
    behind,
    safe: { push: safe.push.safe, pull: safe.pull.safe },
    reasons: {
      push: safe.push.safe ? [] : safe.push.reasons.map(({ text }) => text),
      pull: safe.pull.safe ? [] : safe.pull.reasons.map(({ text }) => text),
    },
    canOffer: canOfferSync(comparison),
    offer: comparison.offer,
    details: comparison.details,
    files: files.map(({ path, verdict: each, kind, via, renamedFrom, blocked, note }) => ({
      path,
      verdict: each,
      kind,
      via,
      renamedFrom,
      blocked,
      note,
    })),
    warnings,
    errors,
  };
}

/** Of `sync push` and `sync pull`. Without `inSync` and `verdict` it was not compared again. */
export function toSyncReportJson(report: SyncReport): object {
  const { source, direction, commits, written, deleted, backup, comparison, notCompared } = report;
  return {
    source,
    direction,
    commits,
    written,
    deleted,
    backup: backup?.id,
    inSync: comparison?.inSync,
    verdict: comparison?.verdict,
    notCompared,
  };
}

/** Of `sync restore` without a backup: one of them. */
export function toBackupJson({ id, side, createdAtMs, files }: Backup): object {
  return { id, side, createdAt: new Date(createdAtMs).toISOString(), files };
}
