import type { SidesSeen } from '../../core/sync/checkoutPort';
import type { Leftovers } from './checkout/answers';

/** Both sides, and which checkout it is. */
export interface Look {
  readonly seen: SidesSeen;
  /** The checkout's folder as that machine names it: a checkout is known again by it. */
  readonly remoteRoot: string;
  /** In the checkout. */
  readonly leftovers: Leftovers;
}
