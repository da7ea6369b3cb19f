import type { Direction } from '../../../core/results/sortRows';
import type { StepValue } from '../../../core/results/resultTable';

export const TABS = ['parallel', 'scatter', 'curves', 'importance', 'compare'] as const;
export type Tab = (typeof TABS)[number];

/** A stretch of an axis that rows must lie in. */
export interface Brush {
  readonly low: number;
  readonly high: number;
}

/** Everything that the user set on the page; kept by the editor, so that a reload brings it back. Columns by their ids. */
export interface ViewState {
  readonly tab: Tab;
  readonly chartsShown: boolean;
  /** Pixels. */
  readonly chartHeight: number;
  readonly filter: string;
  readonly sort?: { readonly column: string; readonly direction: Direction };
  /** Columns that are shown though they do not differ, and hidden though they do. */
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
  readonly pinned: readonly string[];
  readonly averageOver: readonly string[];
  readonly value: StepValue;
  readonly brushes: Readonly<Record<string, Brush>>;
  /** Columns with an axis other than what their values suggest. */
  readonly log: Readonly<Record<string, boolean>>;
  /** Parallel axes in their order; undefined: parameters that differ, then the objective. */
  readonly axes?: readonly string[];
  readonly x?: string;
  readonly y?: string;
  readonly curve?: string;
  /** 0 to 0.99. */
  readonly smoothing: number;
  readonly logSteps: boolean;
  readonly logCurve: boolean;
  readonly selected: readonly number[];
}

export const FIRST_VIEW: ViewState = {
  tab: 'parallel',
  chartsShown: true,
  chartHeight: 340,
  filter: '',
  shown: [],
  hidden: [],
  pinned: [],
  averageOver: [],
  value: 'last',
  brushes: {},
  log: {},
  smoothing: 0,
  logSteps: false,
  logCurve: false,
  selected: [],
};

/** What the editor kept, with defaults for what is missing or of an older version. */
export function readViewState(kept: unknown): ViewState {
  if (typeof kept !== 'object' || kept === null) return FIRST_VIEW;
  const fields = kept as Readonly<Record<string, unknown>>;
  const sound = Object.entries(fields).filter(([key, value]) => isSound(key, value));
  return { ...FIRST_VIEW, ...(Object.fromEntries(sound) as Partial<ViewState>) };
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isFlag = (value: unknown): boolean => typeof value === 'boolean';
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isMap = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const CHECKS: Readonly<Record<keyof ViewState, (value: unknown) => boolean>> = {
  tab: (value) => TABS.some((tab) => tab === value),
  chartsShown: isFlag,
  chartHeight: isNumber,
  filter: isText,
  sort: (value) => isMap(value) && 'column' in value && 'direction' in value && isText(value.column),
  shown: isTexts,
  hidden: isTexts,
  pinned: isTexts,
  averageOver: isTexts,
  value: (value) => value === 'last' || value === 'min' || value === 'max',
  brushes: (value) =>
    isMap(value) &&
    Object.values(value).every(
      (brush) =>
        isMap(brush) && 'low' in brush && isNumber(brush.low) && 'high' in brush && isNumber(brush.high),
    ),
  log: (value) => isMap(value) && Object.values(value).every(isFlag),
  axes: isTexts,
  x: isText,
  y: isText,
  curve: isText,
  smoothing: isNumber,
  logSteps: isFlag,
  logCurve: isFlag,
  selected: (value) => Array.isArray(value) && value.every(isNumber),
};

function isSound(key: string, value: unknown): boolean {
  return Object.hasOwn(CHECKS, key) && CHECKS[key as keyof ViewState](value);
}
