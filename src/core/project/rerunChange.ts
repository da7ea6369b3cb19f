import { HsmError } from '../base/errors';
import type { SourceType } from '../compute/computeSource';
import type { ResourceChange } from '../engine/resourceChange';
import type { ProjectConfig } from './config';

/** What a rerun is checked against. */
export interface RerunPlace {
  readonly sweepId: string;
  /** Sources that the sweep has. */
  readonly sources: readonly { readonly name: string; readonly type: SourceType }[];
  readonly config: Pick<ProjectConfig, 'sources' | 'incomplete'>;
  /** Slots that the user set during the sweep, by source. */
  readonly slots: ReadonlyMap<string, number>;
}

/**
 * Checks what a rerun is to change, before anything is started.
 *
 * @returns names of the sources that the sweep does not have yet
 * @throws HsmError `input.invalid` when it asks for what there is not, or what no source of it can give
 */
export function checkChange(change: ResourceChange, place: RerunPlace): readonly string[] {
  if (change.sources?.length === 0)
    throw refused('A rerun needs at least one compute source.', knownText(place));
  const strangers = (change.sources ?? []).filter((name) => !place.sources.some((own) => own.name === name));
  for (const name of strangers) requireConfigured(name, place);
  checkTimeLimit(change);
  checkSlots(change);
  checkTakers(change, place);
  checkMemory(change, place);
  return [...new Set(strangers)];
}

/**
 * Makes sure that a source of a new sweep, or one that is to join, keeps the sweep where no other of its sources does.
 *
 * @param joining - with paths as they are there
 * @throws HsmError `input.invalid` when two would be in one folder of one host
 */
export function requireOwnPlaces(known: readonly PlacedSource[], joining: readonly PlacedSource[]): void {
  const byPlace = new Map(known.map(({ name, config }) => [placeOf(config), name]));
  for (const { name, config } of joining) {
    const place = placeOf(config);
    if (place === undefined) continue;
    const other = byPlace.get(place);
    if (other !== undefined) {
      throw refused(
        `The compute sources "${other}" and "${name}" would keep this sweep in the same folder (${place}).`,
        `Give one of them a \`root\` of its own in .hsm/config.yaml.`,
      );
    }
    byPlace.set(place, name);
  }
}

/** A source and its configuration, whatever that is. */
interface PlacedSource {
  readonly name: string;
  readonly config: unknown;
}

/** Undefined for a source of this machine, which has a folder for each source. */
function placeOf(config: unknown): string | undefined {
  if (typeof config !== 'object' || config === null || !('host' in config) || !('root' in config))
    return undefined;
  return `${String(config.host)}:${String(config.root)}`;
}

function requireConfigured(name: string, place: RerunPlace): void {
  const { sources, incomplete } = place.config;
  if (sources[name]) return;
  const reason = incomplete.find(({ source }) => source === name)?.reason;
  const message = reason
    ? `The compute source "${name}" cannot be used: ${reason}`
    : `There is no compute source "${name}".`;
  throw refused(message, knownText(place));
}

function knownText({ sweepId, sources, config }: RerunPlace): string {
  const own = sources.map(({ name }) => name);
  const others = Object.keys(config.sources).filter((name) => !own.includes(name));
  const more = others.length > 0 ? ` Configured besides: ${others.join(', ')}.` : '';
  return `${sweepId} uses: ${own.join(', ')}.${more}`;
}

function checkTimeLimit({ timeLimitSec }: ResourceChange): void {
  if (timeLimitSec === undefined || timeLimitSec === null) return;
  if (Number.isFinite(timeLimitSec) && timeLimitSec > 0) return;
  throw refused(`${timeLimitSec} is no time limit: seconds, more than 0, are wanted.`);
}

function checkSlots({ slots }: ResourceChange): void {
  if (slots === undefined || (Number.isInteger(slots) && slots > 0)) return;
  throw refused(`${slots} is no number of tasks at one time: a whole number from 1 is wanted.`);
}

/** Tasks that are bound to sources without a slot would wait for good. */
function checkTakers({ sources, slots }: ResourceChange, place: RerunPlace): void {
  if (sources === undefined || slots !== undefined) return;
  if (sources.some((name) => place.slots.get(name) !== 0)) return;
  const names = sources.join(', ');
  const have = sources.length === 1 ? 'has' : 'have';
  throw refused(
    `In ${place.sweepId}, ${names} ${have} no slots: the tasks would wait there for good.`,
    `Say how many may run there at one time (--slots N), or give it slots first (hsm slots ${place.sweepId} ${sources[0] ?? ''} N).`,
  );
}

/** E.g. `32G`, `1500M`; without a unit the scheduler's own. */
const MEMORY = /^\d+(?:\.\d+)?\s*[KMGT]?i?B?$/iu;

function checkMemory({ memory, sources }: ResourceChange, place: RerunPlace): void {
  if (memory === undefined) return;
  if (!MEMORY.test(memory))
    throw refused(`"${memory}" is no amount of memory.`, 'Write a number with a unit: 32G, 1500M.');
  const names = sources ?? place.sources.map(({ name }) => name);
  const without = names.filter((name) => !hasScheduler(name, place));
  if (without.length === 0) return;
  throw refused(
    `Nothing on ${without.join(', ')} gives a task its own memory: it has no scheduler.`,
    'Run fewer tasks there at one time (--slots N), so that each has more of the machine, or use another source (--source NAME).',
  );
}

function hasScheduler(name: string, { sources, config }: RerunPlace): boolean {
  const type = sources.find((own) => own.name === name)?.type ?? config.sources[name]?.type;
  return type === 'slurm' || type === 'pbs';
}

function refused(message: string, hint?: string): HsmError {
  const details = hint === undefined ? {} : { hint };
  return new HsmError('input.invalid', `${message} Nothing was started.`, details);
}
