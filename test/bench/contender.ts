/** One run of a contender. */
export interface Measure {
  /** From the start of the command to its end. */
  readonly wallMs: number;
  /** Processor time of everything that it started. */
  readonly cpuMs?: number;
  /** Memory of its largest process. */
  readonly peakMiB?: number;
  /** Memory that what was made holds when all is done, in bytes. */
  readonly heldBytes?: number;
}

/** One of those that are measured side by side. */
export interface Contender {
  readonly name: string;
  /** Tasks or combinations that one run works through; figures are told per unit. */
  readonly units: number;
  /** The row that shows what the machine cannot go below. */
  readonly isLimit?: boolean;
  /** The peer that ratios are taken against. */
  readonly isReference?: boolean;
  /** What a reader has to know to judge the number. */
  readonly note?: string;
  /** Does the work once, in a fresh place, and checks that it was done. Only the work is timed. */
  run(): Promise<Measure>;
}

/** Contenders that do the same work, with the same resources. */
export interface Bench {
  readonly name: string;
  /** e.g. `task`, for the table's head. */
  readonly unit: string;
  readonly contenders: readonly Contender[];
  /** Peers that should be here and are not, with how to get them. */
  readonly missing: readonly string[];
  /** Removes what the contenders share. */
  dispose?(): Promise<void>;
}
