import { Emitter } from '../../core/base/event';
import type { Disposable } from '../../core/base/lifecycle';
import type { Comparison, FileComparison, Offer } from '../../core/sync/comparison';
import { canTick, ownDirection, type Direction } from './syncNode';

/** What is ticked in a comparison. */
export interface Ticked {
  readonly push: readonly string[];
  readonly pull: readonly string[];
  readonly commits?: Direction;
}

/**
 * What the user ticked, over what is offered by itself. A tick is of a path in the state that it was shown in: a file
 * that becomes something else, e.g. deleted, starts anew.
 */
export class SyncTicks implements Disposable {
  private readonly changed = new Emitter<string>();
  /** The source. */
  readonly onDidChange = this.changed.event;
  private readonly wishes = new Map<string, boolean>();

  isTicked(comparison: Comparison, file: FileComparison): boolean {
    const { source, offer } = comparison;
    const direction = ownDirection(file);
    if (!canTick(file) || !direction) return false;
    const wish = this.wishes.get(keyOf(source, file.verdict, file.path));
    return wish ?? (offer !== undefined && offered(offer)[direction].has(file.path));
  }

  areCommitsTicked({ source, offer }: Comparison, direction: Direction): boolean {
    return offer?.commits === direction && (this.wishes.get(keyOf(source, 'commits', direction)) ?? true);
  }

  tickFiles({ source, files }: Comparison, paths: readonly string[], isTicked: boolean): void {
    const wanted = new Set(paths);
    for (const file of files) {
      if (wanted.has(file.path) && canTick(file))
        this.wishes.set(keyOf(source, file.verdict, file.path), isTicked);
    }
    this.changed.fire(source);
  }

  tickCommits({ source }: Comparison, direction: Direction, isTicked: boolean): void {
    this.wishes.set(keyOf(source, 'commits', direction), isTicked);
    this.changed.fire(source);
  }

  ticked(comparison: Comparison): Ticked {
    const paths = (direction: Direction): string[] =>
      comparison.files
        .filter((file) => ownDirection(file) === direction && this.isTicked(comparison, file))
        .map(({ path }) => path);
    const commits = (['push', 'pull'] as const).find((direction) =>
      this.areCommitsTicked(comparison, direction),
    );
    return { push: paths('push'), pull: paths('pull'), ...(commits && { commits }) };
  }

  dispose(): void {
    this.changed.dispose();
  }
}

const sets = new WeakMap<Offer, Readonly<Record<Direction, ReadonlySet<string>>>>();

/** Lists of a hundred thousand paths are asked for each of them. */
function offered(offer: Offer): Readonly<Record<Direction, ReadonlySet<string>>> {
  const known = sets.get(offer) ?? { push: new Set(offer.push), pull: new Set(offer.pull) };
  sets.set(offer, known);
  return known;
}

function keyOf(source: string, state: string, path: string): string {
  return JSON.stringify([source, state, path]);
}
