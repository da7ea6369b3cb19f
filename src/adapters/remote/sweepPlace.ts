import type { CodePlace, Placement } from '../../core/compute/computeSource';
import type { Host } from '../../core/compute/host';

/** Where everything of one sweep lies under a source's root. Absolute paths on the host. */
export interface SweepPlace {
  readonly dir: string;
  readonly runDir: string;
  readonly tasksDir: string;
  /** Holds the copies of this project's code. */
  readonly codeDir: string;
  /** Where the sweeps of all projects under the root take turns at slots and GPUs. */
  readonly sharedDir: string;
  /** Tells which code the sweep runs: what {@link formatRecord} makes. */
  readonly record: string;
}

/** What a sweep was set up with. Written once, so that the sweep goes on with the same code for good. */
export interface PlaceRecord {
  readonly projectDir: string;
  readonly code: CodePlace;
}

/**
 * `<root>/sweeps/<project>/<sweep>` and `<root>/code/<project>`.
 *
 * @param root - absolute
 * @param projectId - see `projectIdOf`
 */
export function placeSweep(root: string, projectId: string, sweepId: string): SweepPlace {
  const dir = `${root}/sweeps/${projectId}/${sweepId}`;
  return {
    dir,
    runDir: `${dir}/run`,
    tasksDir: `${dir}/tasks`,
    codeDir: `${root}/code/${projectId}`,
    sharedDir: `${root}/slots`,
    record: `${dir}/code.json`,
  };
}

/** Undefined: the sweep was never set up there, or was removed. */
export async function readRecord(
  host: Host,
  place: SweepPlace,
  signal: AbortSignal,
): Promise<PlaceRecord | undefined> {
  const { text } = await host.readFrom(place.record, 0, signal);
  try {
    const value = JSON.parse(text) as Partial<PlaceRecord> | null;
    if (typeof value?.projectDir === 'string' && typeof value.code === 'object') return value as PlaceRecord;
  } catch {
    // Not there, or not whole: it is written by a rename, so a part of it is of no setup.
  }
  return undefined;
}

export function formatRecord(record: PlaceRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export function toPlacement(place: SweepPlace, { projectDir, code }: PlaceRecord): Placement {
  return { projectDir, tasksDir: place.tasksDir, code };
}
