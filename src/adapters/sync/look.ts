import type { SidesSeen } from '../../core/sync/checkoutPort';

/** Both sides, and which checkout it is. */
export interface Look {
  readonly seen: SidesSeen;
  /** The checkout's folder as that machine names it: a checkout is known again by it. */
  readonly remoteRoot: string;
}
