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
  /** A link that leads nowhere: it names the source that has the directory, and is made whole or not at all. */
  readonly owner: string;
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
    owner: `${dir}/source`,
  };
}

/**
 * Takes the sweep's directory for a source, unless another one has it: two names of a host, or two hosts with one home,
 * would start each other's tasks.
 *
 * @returns the name of the source that has it. Undefined: that cannot be noted down there
 */
export async function claimPlace(
  host: Host,
  place: SweepPlace,
  source: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const claim = 'mkdir -p "$1" && ln -s "$2" "$3"; readlink "$3"';
  const argv = ['sh', '-c', claim, 'sh', place.dir, encodeURIComponent(source), place.owner];
  return ownerIn((await host.run(argv, signal)).stdout);
}

/** As {@link claimPlace}, and takes nothing. Undefined also where nobody has it. */
export async function readOwner(
  host: Host,
  { owner }: SweepPlace,
  signal: AbortSignal,
): Promise<string | undefined> {
  return ownerIn((await host.run(['readlink', owner], signal)).stdout);
}

function ownerIn(link: string): string | undefined {
  const name = link.trim();
  if (name === '') return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
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
