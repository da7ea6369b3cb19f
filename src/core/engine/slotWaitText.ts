import type { SlotWait } from '../compute/computeSource';

/** More names than these say no more. */
const SHOWN_SWEEPS = 3;

/** What to tell of a source whose slots others use, e.g. `gpubox: 2 slots are used by another sweep (lr_3); …`. */
export function slotWaitText(source: string, { slots, sweeps }: SlotWait): string {
  const which = slots === 1 ? 'a slot is' : `${slots} slots are`;
  const names = sweeps.slice(0, SHOWN_SWEEPS).join(', ');
  const more = sweeps.length > SHOWN_SWEEPS ? ', …' : '';
  const by =
    names === ''
      ? 'another sweep'
      : `${sweeps.length === 1 ? 'another sweep' : 'other sweeps'} (${names}${more})`;
  return `${source}: ${which} used by ${by}; tasks start there when their turn comes.`;
}
