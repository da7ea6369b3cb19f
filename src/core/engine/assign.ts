/** A source as the scheduler sees it. */
export interface SourceView {
  readonly name: string;
  /** Tasks at one time. */
  readonly slots: number;
  /** False: give it nothing. */
  readonly healthy: boolean;
  /** Tasks handed over that have not started. */
  readonly queued: number;
  readonly running: number;
  /** Mean duration of the tasks that ended there; undefined before the first. */
  readonly meanMs?: number;
}

/** How many of the waiting tasks, in their order, go to a source. */
export interface Share {
  readonly source: string;
  readonly count: number;
}

/**
 * Decides how many waiting tasks each source gets. Everything is handed over: work then goes on with nobody
 * connected. Shares follow what a source gets done per second, so that all end at about the same time; what turns
 * out wrong is corrected by {@link rebalance}.
 *
 * @returns at most one share per source, in the order of `sources`; their sum is `waiting`, or nothing when no source
 *   can take work
 */
export function assign(waiting: number, sources: readonly SourceView[]): Share[] {
  const able = sources.filter((source) => source.healthy && source.slots > 0);
  if (waiting === 0 || able.length === 0) return [];
  const given = new Map<string, number>();
  let left = waiting;
  const average = averageMs(able);
  // Level by level: each round gives to the sources that would be free first, as water fills vessels of equal height.
  const finish = able.map((source) => ({
    source,
    speed: speedOf(source, average),
    load: source.queued + source.running,
  }));
  const work = finish.reduce((sum, { load }) => sum + load, waiting);
  let open = finish;
  for (;;) {
    const speed = open.reduce((sum, entry) => sum + entry.speed, 0);
    const total = open.reduce((sum, entry) => sum + entry.load, 0) + left;
    const level = Math.min(total, work) / speed;
    // A source that already holds more than its part takes nothing; the others share what is left.
    const fitting = open.filter((entry) => entry.load <= entry.speed * level);
    if (fitting.length === open.length) {
      for (const entry of open) {
        const part = Math.min(left, Math.round(entry.speed * level - entry.load));
        given.set(entry.source.name, part);
        left -= part;
      }
      break;
    }
    open = fitting;
  }
  // Rounding may leave a few: they go to the fastest.
  const fastest = open.reduce((best, entry) => (entry.speed > best.speed ? entry : best));
  given.set(fastest.source.name, (given.get(fastest.source.name) ?? 0) + left);
  return able
    .map(({ name }) => ({ source: name, count: given.get(name) ?? 0 }))
    .filter((share) => share.count > 0);
}

/**
 * Decides what to take back from a source with a backlog, because another runs dry: the engine withdraws unstarted
 * tasks there and hands them over again. A task can be claimed once, so this can never run it twice.
 *
 * @returns for each source how many unstarted tasks to take back; empty when nothing would be gained
 */
export function rebalance(sources: readonly SourceView[]): Share[] {
  const able = sources.filter((source) => source.healthy && source.slots > 0);
  const idle = able.filter((source) => source.queued === 0 && source.running < source.slots);
  if (idle.length === 0) return takeFromUnable(sources, able);
  const average = averageMs(able);
  const speed = able.reduce((sum, source) => sum + speedOf(source, average), 0);
  const work = able.reduce((sum, source) => sum + source.queued + source.running, 0);
  const level = work / speed;
  const surplus = able
    .map((source) => {
      const fair = speedOf(source, average) * level;
      const spare = source.queued - startsSoon(source, average);
      return {
        source: source.name,
        count: Math.min(spare, Math.floor(source.queued + source.running - fair)),
      };
    })
    .filter((share) => share.count > 0);
  return [...surplus, ...takeFromUnable(sources, able)];
}

/** By the time an unstarted task could be taken back. */
const MOMENT_MS = 500;

/** How many tasks start within a moment by themselves: they are left alone. Of tasks that take long hardly any does. */
function startsSoon({ slots, meanMs }: SourceView, average: number): number {
  return Math.min(slots, Math.round((slots * MOMENT_MS) / Math.max(meanMs ?? average, 1)));
}

function takeFromUnable(sources: readonly SourceView[], able: readonly SourceView[]): Share[] {
  if (able.length === 0) return [];
  return sources
    .filter((source) => !able.includes(source) && source.queued > 0)
    .map((source) => ({ source: source.name, count: source.queued }));
}

/** Mean duration over the sources that have a history. */
function averageMs(sources: readonly SourceView[]): number {
  const known = sources.map(({ meanMs }) => meanMs).filter((mean) => mean !== undefined);
  return known.length > 0 ? known.reduce((sum, mean) => sum + mean, 0) / known.length : 1;
}

/** Tasks per second, in some unit. Sources without a history count as average. */
function speedOf(source: SourceView, average: number): number {
  return source.slots / Math.max(source.meanMs ?? average, 1e-3);
}
