import type { FileProblem, HsmError } from '../core/base/errors';
import type { DriverInfo } from '../core/engine/sweepStore';
import type { PreviewTask, SweepFacade, SweepSummary } from '../core/facade';

/** A sweep file, read; its tasks are made one by one while they are asked for. */
export interface ExpandedFile {
  readonly problems: readonly FileProblem[];
  /** Absent when the file has errors. */
  readonly count?: number;
  tasks(): Iterable<PreviewTask>;
}

/** The facade, with what a process needs that comes for one command and goes again. */
export interface CliProject extends SweepFacade {
  /** Takes over and drives a sweep that nobody drives; otherwise tells who does. */
  drive(sweepId: string): Promise<'driving' | 'over' | DriverInfo>;
  /** Resolves when the sweep is over, whoever drives it. */
  whenOver(sweepId: string, signal: AbortSignal): Promise<SweepSummary>;
  /**
   * Asks the sources of a sweep that nobody drives what became of its tasks. Starts nothing.
   *
   * @returns of the sources that could not be asked why, see {@link isOutOfReach}
   * @throws HsmError `disk.unwritable` when the answers could not be written down
   */
  observe(sweepId: string): Promise<ReadonlyMap<string, HsmError>>;
  expandFile(file: string): Promise<ExpandedFile>;
  /**
   * Resolves when the sources of a sweep that is driven here have taken what was asked of them; at once when it is
   * driven elsewhere.
   *
   * @throws HsmError, see {@link isOutOfReach}, when one cannot be asked; it is asked again whenever the sweep is driven
   */
  settle(sweepId: string, signal: AbortSignal): Promise<void>;
  /** Lets go of everything; tasks go on. */
  close(): Promise<void>;
}
