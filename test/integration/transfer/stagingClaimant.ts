import { Staging } from '../../../src/adapters/transfer/staging';

/** What the test tells this process, once a round. */
interface Round {
  readonly target: string;
  /** By `Date.now()`: all begin at one time. */
  readonly at: number;
}

process.on('message', ({ target, at }: Round) => {
  while (Date.now() < at);
  process.send?.(Staging.open(target).files);
});
process.send?.('ready');
