/** How `hsm` ends: a contract with scripts, additions only. */
export const EXIT = {
  ok: 0,
  /** Tasks failed, were cancelled or are lost. */
  tasksFailed: 1,
  /** A checkout is not in sync, or a sync was refused. */
  notInSync: 1,
  /** An unknown sweep, a sweep file with errors, a wrong option. */
  badInput: 2,
  /** A compute source, its host or its disk cannot do what was asked. */
  sourceTrouble: 3,
  /** A defect of this program. @see sysexits(3), EX_SOFTWARE */
  internal: 70,
  /** The user left (Ctrl-C, SIGTERM, SIGHUP); tasks go on. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
