import { Emitter } from '../../core/base/event';
import type { Disposable } from '../../core/base/lifecycle';
import type { Comparison, Direction, FileComparison, Offer } from '../../core/sync/comparison';
import { ownDirection } from '../../core/sync/fileChoice';
import { canTick } from './syncNode';

/** What is ticked in a comparison. */
export interface Ticked {
  readonly push: readonly string[];
  readonly pull: readonly string[];
  readonly commits?: Direction;
}

/** What the user said of one file. */
interface Wish {
  readonly isTicked: boolean;
  /** Both versions, as they were shown. */
  readonly contents: string;
}

/**
 * What the user ticked, over what is offered by itself. A tick is of the versions that were shown: with others it starts
 * anew. Taking a tick away holds for the path as long as it differs in the same way, whatever is edited meanwhile.
 */
export class SyncTicks implements Disposable {
  private readonly changed = new Emitter<string>();
  /** The source. */
  readonly onDidChange = this.changed.event;
  private readonly wishes = new Map<string, Wish>();
  private readonly commitWishes = new Map<string, boolean>();

  isTicked(comparison: Comparison, file: FileComparison): boolean {
    const { source, offer } = comparison;
    const direction = ownDirection(file);
    if (!canTick(file) || !direction) return false;
    const wish = this.wishes.get(keyOf(source, file.verdict, file.path));
    if (wish && (!wish.isTicked || wish.contents === contentsOf(file))) return wish.isTicked;
    return offer !== undefined && offered(offer)[direction].has(file.path);
  }

  areCommitsTicked({ source, offer }: Comparison, direction: Direction): boolean {
    return (
      offer?.commits === direction && (this.commitWishes.get(keyOf(source, 'commits', direction)) ?? true)
    );
  }

  tickFiles({ source, files }: Comparison, paths: readonly string[], isTicked: boolean): void {
    const wanted = new Set(paths);
    for (const file of files) {
      if (wanted.has(file.path) && canTick(file))
        this.wishes.set(keyOf(source, file.verdict, file.path), { isTicked, contents: contentsOf(file) });
    }
    this.changed.fire(source);
  }

  tickCommits({ source }: Comparison, direction: Direction, isTicked: boolean): void {
    this.commitWishes.set(keyOf(source, 'commits', direction), isTicked);
    this.changed.fire(source);
  }

  /** Forgets what was said of files that do not differ any more, or in another way. */
  keepOnly({ source, files, offer }: Comparison): void {
    for (const direction of ['push', 'pull'] as const)
      if (offer?.commits !== direction) this.commitWishes.delete(keyOf(source, 'commits', direction));
    if (this.wishes.size === 0) return;
    const there = new Set(files.map(({ verdict, path }) => keyOf(source, verdict, path)));
    for (const key of this.wishes.keys()) if (isOf(source, key) && !there.has(key)) this.wishes.delete(key);
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

function isOf(source: string, key: string): boolean {
  return key.startsWith(`${JSON.stringify([source]).slice(0, -1)},`);
}

function contentsOf({ local, remote }: FileComparison): string {
  return JSON.stringify([local, remote]);
}
