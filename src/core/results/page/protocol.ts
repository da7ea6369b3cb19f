import type { Objective, Goal } from '../objective';
import type { TaskSeries } from '../resultSource';
import { STEP_VALUES, type ResultTable, type StepValue } from '../resultTable';

/** What the results page and its host in the editor say to each other. Typed arrays pass as they are. */

/** The sweep, as the head of the page shows it. */
export interface SweepHead {
  readonly id: string;
  readonly name: string;
  /** In words, e.g. `running, 12 of 40 tasks are over, 2 failed`. */
  readonly status: string;
  readonly isOver: boolean;
  /** Whether tasks may be run again: the workspace is trusted. */
  readonly mayRun: boolean;
}

/** To the page. */
export type HostMessage =
  | {
      readonly kind: 'table';
      readonly sweep: SweepHead;
      readonly table: ResultTable;
      readonly objective?: Objective;
    }
  /** Rows that changed. */
  | { readonly kind: 'rows'; readonly table: ResultTable }
  | { readonly kind: 'sweep'; readonly sweep: SweepHead }
  /** What the table still waits for, in words; empty when all is there. */
  | { readonly kind: 'reading'; readonly text: string }
  /** Select these tasks and show them side by side. */
  | { readonly kind: 'compare'; readonly tasks: readonly number[] }
  /** There is nothing to show; why, in a sentence. */
  | { readonly kind: 'gone'; readonly message: string }
  | { readonly kind: 'reply'; readonly id: number; readonly value: PageReply }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string };

export type PageReply =
  { readonly kind: 'done' } | { readonly kind: 'series'; readonly series: readonly TaskSeries[] };

/** To the host. Every request is answered by a reply or a refusal with its id. */
export type PageMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'request'; readonly id: number; readonly request: PageRequest };

export const TASK_VIEWS = ['summary', 'stdout', 'stderr', 'folder'] as const;
export type TaskView = (typeof TASK_VIEWS)[number];
export const DIFF_KINDS = ['stdout', 'stderr', 'files'] as const;
export type DiffKind = (typeof DIFF_KINDS)[number];

export type PageRequest =
  | {
      readonly kind: 'series';
      readonly metric: string;
      readonly tasks: readonly number[];
      readonly maxPoints: number;
    }
  | { readonly kind: 'objective'; readonly metric: string; readonly goal: Goal }
  | { readonly kind: 'open'; readonly task: number; readonly view: TaskView }
  | { readonly kind: 'rerun'; readonly tasks: readonly number[] }
  | { readonly kind: 'diff'; readonly tasks: readonly [number, number]; readonly of: DiffKind }
  | {
      readonly kind: 'table';
      readonly format: 'csv' | 'json';
      readonly tasks: readonly number[];
      /** Of metrics that were logged by step. */
      readonly value: StepValue;
    }
  | {
      readonly kind: 'image';
      readonly format: 'png' | 'svg';
      readonly name: string;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'notebook' };

/** Bounds of what a page may ask for in one request. */
const MAX_TASKS = 1_000_000;
const MAX_SERIES_POINTS = 10_000;
const MAX_IMAGE_BYTES = 100 * 1024 * 1024;

/** Reads what came from a page. Undefined for anything that no page of ours says. */
export function parsePageMessage(value: unknown): PageMessage | undefined {
  if (!isRecord(value)) return undefined;
  if (value['kind'] === 'ready') return { kind: 'ready' };
  const { kind, id } = value;
  if (kind !== 'request' || !isCount(id)) return undefined;
  const request = parseRequest(value['request']);
  return request && { kind, id, request };
}

function parseRequest(value: unknown): PageRequest | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, metric, goal, task, tasks, view, format, name, bytes, maxPoints, of, value: which } = value;
  switch (kind) {
    case 'series':
      return isText(metric) && isTasks(tasks) && isCount(maxPoints) && maxPoints <= MAX_SERIES_POINTS
        ? { kind, metric, tasks, maxPoints }
        : undefined;
    case 'objective':
      return isText(metric) && (goal === 'minimize' || goal === 'maximize')
        ? { kind, metric, goal }
        : undefined;
    case 'open':
      return isCount(task) && isOneOf(view, TASK_VIEWS) ? { kind, task, view } : undefined;
    case 'rerun':
      return isTasks(tasks) ? { kind, tasks } : undefined;
    case 'diff': {
      const [first, second, third] = isTasks(tasks) ? tasks : [];
      const isPair = first !== undefined && second !== undefined && third === undefined;
      return isPair && isOneOf(of, DIFF_KINDS) ? { kind, tasks: [first, second], of } : undefined;
    }
    case 'table':
      return (format === 'csv' || format === 'json') && isTasks(tasks) && isOneOf(which, STEP_VALUES)
        ? { kind, format, tasks, value: which }
        : undefined;
    case 'image':
      return (format === 'png' || format === 'svg') &&
        isText(name) &&
        bytes instanceof Uint8Array &&
        bytes.length <= MAX_IMAGE_BYTES
        ? { kind, format, name, bytes }
        : undefined;
    case 'notebook':
      return { kind };
    default:
      return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 10_000;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isTasks(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) && value.length <= MAX_TASKS && value.every((item) => isCount(item) && item > 0)
  );
}

function isOneOf<T extends string>(value: unknown, choices: readonly T[]): value is T {
  return choices.some((choice) => choice === value);
}
