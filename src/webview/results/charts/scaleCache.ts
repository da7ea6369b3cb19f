import type { ColumnAccess } from '../../../core/results/tableColumns';
import { canBeLog, makeScale, padScale, wantsLog, type Scale } from '../model/scale';
import type { Page } from '../pageStore';
import { scaleRows } from './scaleRows';

/** The scale of a column, and what its axis may be. */
export interface ColumnScale {
  readonly scale: Scale;
  readonly canBeLog: boolean;
  /** What the user chose, or what the values suggest. */
  readonly isLog: boolean;
}

interface Kept extends ColumnScale {
  readonly rows: readonly number[];
  readonly column: ColumnAccess['column'];
  readonly value: string;
  readonly chosen: boolean | undefined;
}

/** Scales of columns. They look at all rows, so they are kept until those, or what is in them, are others. */
export class ScaleCache {
  private readonly kept = new Map<string, Kept>();

  /** @param isPadded - with room at both ends */
  constructor(private readonly isPadded: boolean) {}

  get(page: Page, access: ColumnAccess): ColumnScale {
    const rows = scaleRows(page, access);
    const { column } = access;
    const { value, log } = page.view;
    const chosen = log[access.id];
    const known = this.kept.get(access.id);
    const isSame =
      known?.rows === rows && known.column === column && known.value === value && known.chosen === chosen;
    if (known && isSame) return known;
    const isPossible = canBeLog(access, rows);
    const isLog = isPossible && (chosen ?? wantsLog(access, rows));
    const scale = makeScale(access, rows, isLog);
    const fresh = {
      scale: this.isPadded ? padScale(scale) : scale,
      canBeLog: isPossible,
      isLog,
      rows,
      column,
      value,
      chosen,
    };
    this.kept.set(access.id, fresh);
    return fresh;
  }
}
