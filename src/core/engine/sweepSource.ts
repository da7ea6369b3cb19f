import type { SourceType } from '../compute/computeSource';
import type { JsonValue } from '../sweep/value';

/** A source of a sweep, with the configuration that it had when it came to it: the sweep is found whatever was edited since. */
export interface SweepSource {
  readonly name: string;
  readonly type: SourceType;
  readonly config: JsonValue;
  /** Of one that came later: the copy of the project that it runs, where the sweep itself has none. */
  readonly snapshot?: string;
}
