/** What `hsm status SWEEP --json` tells, as far as tests ask. */
export interface SweepStatus {
  readonly sweepId: string;
  readonly sweepDir: string;
  readonly state: string;
  readonly total: number;
  readonly waiting: number;
  readonly queued: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly lost: number;
  readonly durationMs: number;
  readonly driver: string;
  readonly sources: readonly string[];
  readonly notes: readonly string[];
  readonly tasks: readonly TaskStatus[];
}

export interface TaskStatus {
  readonly number: number;
  readonly state: string;
  readonly attempt: number;
  readonly source?: string;
  readonly resources?: object;
  readonly exitCode?: number;
  readonly reason?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}
