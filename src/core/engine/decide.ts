import { attemptKey, type AttemptRef, type SourceControl } from '../compute/computeSource';
import { assign, rebalance, type Share, type SourceView } from './assign';
import type { SourceBinding } from './resourceChange';
import type { SweepSnapshot } from './sweepState';

/** What the engine should do next with one source. */
export type Effect =
  | { readonly kind: 'submit'; readonly source: string; readonly tasks: readonly AttemptRef[] }
  /** Repeats a hand-over that was announced and perhaps interrupted. */
  | { readonly kind: 'resubmit'; readonly source: string; readonly token: string }
  | { readonly kind: 'control'; readonly source: string; readonly control: SourceControl }
  | { readonly kind: 'cancel'; readonly source: string; readonly tasks: readonly AttemptRef[] }
  | { readonly kind: 'withdraw'; readonly source: string; readonly tasks: readonly AttemptRef[] }
  /** Takes back what a damaged journal does not tell of: attempts that may have been handed over, not known to. */
  | { readonly kind: 'fence'; readonly source: string; readonly tasks: readonly AttemptRef[] };

/** What the engine knows of a source beside the sweep's state. */
export interface SourceSituation {
  readonly name: string;
  readonly slots: number;
  readonly healthy: boolean;
  readonly meanMs?: number;
  /** The control that it last took from this process; undefined: none yet. */
  readonly control?: SourceControl;
  /** Whether something there works on what was handed over; undefined: not yet known. */
  readonly runner?: 'running' | 'idle' | 'stopped';
  /** Attempts already asked to end or to come back, as `task.attempt`, by this process. */
  readonly asked: ReadonlySet<string>;
}

/** Tasks in one hand-over at most: bounds memory and the time until the first task starts. */
const MAX_BATCH = 5000;

/** Runs of neighbours in one hand-over at most: the journal tells of each. */
const MAX_STRIPES = 32;

/**
 * Decides what to do now. Pure: the caller carries it out, journals what came of it, asks again. Effects of one source
 * are in the order in which they are to be carried out. One call hands over a bounded number of tasks.
 *
 * @param only - decide for this source alone, in view of all: naming the tasks of fifty sources to one of them is most
 *   of the work
 */
export function decide(state: SweepSnapshot, sources: readonly SourceSituation[], only?: string): Effect[] {
  const asks = ({ source }: { readonly source: string }): boolean => only === undefined || source === only;
  const loads = state.tasks.loads(state.sources.length);
  const views = sources.map((source): SourceView => {
    const load = loads[state.sources.indexOf(source.name)] ?? { queued: 0, running: 0 };
    const { name, meanMs } = source;
    return {
      name,
      healthy: source.healthy && state.standingOf(name) === 'in',
      slots: state.slotsOf(source.name, source.slots),
      ...load,
      ...(meanMs === undefined ? {} : { meanMs }),
    };
  });
  // A waiting task may be waiting at a source already, until all of them have told otherwise.
  const isKnown = !state.needsRepair && state.unfenced.size === 0;
  const mayHandOver = state.mode === 'running' && isKnown;
  const shares = mayHandOver ? handOverShares(state, sources, views) : [];
  const handOvers = handOver(state, shares.filter(asks));
  const repeated = repeats(state, sources).filter(asks);
  const concerned = sources.filter(({ name }) => asks({ source: name }));
  return [
    ...repeated,
    ...fences(state).filter(asks),
    ...concerned.flatMap((source) => endings(state, source)),
    ...handOvers,
    // What waits is shared out first; only then is it known who runs dry.
    ...(mayHandOver && shares.length === 0 ? steals(state, concerned, views) : []),
    ...concerned.flatMap((source) => {
      const gets = [...repeated, ...handOvers].some((effect) => effect.source === source.name);
      const queued = views.find(({ name }) => name === source.name)?.queued ?? 0;
      return controls(state, source, gets, queued);
    }),
  ];
}

function repeats(state: SweepSnapshot, sources: readonly SourceSituation[]): Effect[] {
  return [...state.pending.values()]
    .filter((batch) => sources.some((source) => source.name === batch.source))
    .map(({ source, token }) => ({ kind: 'resubmit', source, token }));
}

function fences({ fence, unfenced }: SweepSnapshot): Effect[] {
  if (fence === undefined) return [];
  const tasks = [...fence].map(([task, attempt]) => ({ task, attempt }));
  return [...unfenced].map((source) => ({ kind: 'fence', source, tasks }));
}

/** What is to end at a source, or to come back from it, and was not asked for yet. */
function endings(state: SweepSnapshot, source: SourceSituation): Effect[] {
  const effects: Effect[] = [];
  if (state.tasks.cancelsAsked > 0) {
    const tasks = unasked(state, source, ['queued', 'running'], (task) => state.tasks.isCancelAsked(task));
    if (tasks.length > 0) effects.push({ kind: 'cancel', source: source.name, tasks });
  }
  if (state.mode === 'stopping') {
    const tasks = unasked(state, source, ['queued'], (task) => !state.tasks.isCancelAsked(task));
    if (tasks.length > 0) effects.push({ kind: 'withdraw', source: source.name, tasks });
  }
  return effects;
}

function unasked(
  state: SweepSnapshot,
  source: SourceSituation,
  kinds: readonly ('queued' | 'running')[],
  wanted: (task: number) => boolean,
): AttemptRef[] {
  const index = state.sources.indexOf(source.name);
  const attempts: AttemptRef[] = [];
  for (const kind of kinds) {
    for (const task of state.tasks.inState(kind)) {
      if (state.tasks.sourceOf(task) !== index || !wanted(task)) continue;
      const attempt = { task, attempt: state.tasks.attemptOf(task) };
      if (!source.asked.has(attemptKey(attempt))) attempts.push(attempt);
    }
  }
  return attempts;
}

/** A share of the tasks that are bound to the same sources. */
interface BoundShare extends Share {
  readonly binding: SourceBinding;
}

/** How many of the waiting tasks go where; first of all one to each source that is to prove itself. */
function handOverShares(
  state: SweepSnapshot,
  sources: readonly SourceSituation[],
  views: readonly SourceView[],
): BoundShare[] {
  const shares: BoundShare[] = [];
  for (const [binding, waiting] of countByBinding(state, 'waiting')) {
    // What tasks with other bindings were given a moment ago counts as load.
    const loaded = views.map((view) => ({ ...view, queued: view.queued + given(shares, view.name) }));
    const trials = sources
      .filter(
        ({ name, healthy }, index) =>
          healthy &&
          allows(state, binding, name) &&
          state.standingOf(name) === 'trial' &&
          isEmpty(loaded[index]),
      )
      .slice(0, waiting)
      .map(({ name }): Share => ({ source: name, count: 1 }));
    const able = loaded.filter(({ name }) => allows(state, binding, name));
    const own = [...trials, ...assign(waiting - trials.length, able)];
    shares.push(...own.map((share) => ({ ...share, binding })));
  }
  return shares;
}

function given(shares: readonly BoundShare[], name: string): number {
  return shares.reduce((sum, { source, count }) => (source === name ? sum + count : sum), 0);
}

function allows(state: SweepSnapshot, binding: SourceBinding, source: string): boolean {
  return state.sourcesFor(binding).includes(source);
}

/** Tasks in a state, with those apart that may run on some sources only. @param source - only those that it has */
function countByBinding(
  { tasks, resources, sources }: SweepSnapshot,
  state: 'waiting' | 'queued',
  source?: string,
): Map<SourceBinding, number> {
  const index = source === undefined ? undefined : sources.indexOf(source);
  const { bindings } = resources;
  const counts = new Map(bindings.map((binding) => [binding, 0]));
  if (bindings.length === 1 && index === undefined) return counts.set(undefined, tasks.count(state));
  for (const task of tasks.inState(state)) {
    if (index !== undefined && tasks.sourceOf(task) !== index) continue;
    const binding = resources.bindingOf(task);
    counts.set(binding, (counts.get(binding) ?? 0) + 1);
  }
  return counts;
}

/**
 * The waiting tasks of each share, in their order and spread over all that wait: neighbours differ in one parameter, and
 * a source that got a corner of the grid for itself would be blamed for what its parameters do.
 */
function handOver(state: SweepSnapshot, shares: readonly BoundShare[]): Effect[] {
  const gone = new Set<number>();
  const waiting = shares.length > 0 ? countByBinding(state, 'waiting') : new Map<SourceBinding, number>();
  return shares
    .map(({ source, count, binding }): Effect & { kind: 'submit' } => {
      const left = waiting.get(binding) ?? 0;
      const numbers = spread(count, left, waitingWith(state, binding), gone);
      for (const task of numbers) gone.add(task);
      waiting.set(binding, left - numbers.length);
      const tasks = numbers.map((task) => ({ task, attempt: state.tasks.attemptOf(task) + 1 }));
      return { kind: 'submit', source, tasks };
    })
    .filter(({ tasks }) => tasks.length > 0);
}

function* waitingWith({ tasks, resources }: SweepSnapshot, binding: SourceBinding): Generator<number> {
  for (const task of tasks.inState('waiting')) if (resources.bindingOf(task) === binding) yield task;
}

/** The first batch of `count` of the waiting tasks that are not gone, in stripes. */
function spread(count: number, waiting: number, all: Iterable<number>, gone: ReadonlySet<number>): number[] {
  const batch = Math.min(count, waiting, MAX_BATCH);
  const stripe = Math.ceil(batch / MAX_STRIPES);
  const chosen: number[] = [];
  let place = -1;
  for (const task of all) {
    if (chosen.length === batch) break;
    if (gone.has(task)) continue;
    place++;
    const start = Math.floor((chosen.length * waiting) / count);
    const isInside = chosen.length % stripe !== 0;
    if (isInside || place >= start) chosen.push(task);
  }
  return chosen;
}

function isEmpty(view: SourceView | undefined): boolean {
  return view !== undefined && view.slots > 0 && view.queued + view.running === 0;
}

/** What is to come back so that another source has work; of the tasks with each binding among the sources that they may use. */
function steals(
  state: SweepSnapshot,
  concerned: readonly SourceSituation[],
  views: readonly SourceView[],
): Effect[] {
  if (views.length < 2) return [];
  const surplus = boundViews(state, views).flatMap(([binding, able]) =>
    rebalance(able).map((share): BoundShare => ({ ...share, binding })),
  );
  return concerned.flatMap((situation): Effect[] => {
    const { name } = situation;
    const shares = surplus.filter(({ source }) => source === name);
    if (shares.length === 0) return [];
    const queued = unasked(state, situation, ['queued'], () => true);
    // While tasks are on their way back, counts are about to change: one withdrawal at a time.
    if (queued.length !== views.find((view) => view.name === name)?.queued) return [];
    // From the end of its queue: those would start last.
    const tasks = shares.flatMap(({ count, binding }) =>
      queued.filter(({ task }) => state.resources.bindingOf(task) === binding).slice(-count),
    );
    return [{ kind: 'withdraw', source: name, tasks }];
  });
}

/** The sources as tasks with the same binding see them: what others have queued there stands in their way like what runs. */
function boundViews(
  state: SweepSnapshot,
  views: readonly SourceView[],
): readonly (readonly [SourceBinding, readonly SourceView[]])[] {
  const { bindings } = state.resources;
  if (bindings.length === 1 && state.joined.length === 0) return [[undefined, views]];
  const queued = new Map(views.map(({ name }) => [name, countByBinding(state, 'queued', name)]));
  return bindings.map((binding) => {
    const able = views.filter(({ name }) => allows(state, binding, name));
    return [
      binding,
      able.map((view) => {
        const own = queued.get(view.name)?.get(binding) ?? 0;
        return { ...view, queued: own, running: view.running + view.queued - own };
      }),
    ];
  });
}

function controls(state: SweepSnapshot, source: SourceSituation, gets: boolean, queued: number): Effect[] {
  const control = { slots: state.slotsOf(source.name, source.slots), paused: state.mode === 'paused' };
  const known = source.control;
  const changed = known !== undefined && (known.slots !== control.slots || known.paused !== control.paused);
  // A runner ends when it has nothing left to start, and may have died: with work there it is woken.
  const asleep = queued > 0 && (known === undefined || (!control.paused && source.runner === 'stopped'));
  return gets || changed || asleep ? [{ kind: 'control', source: source.name, control }] : [];
}
