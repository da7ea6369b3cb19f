import type { TextRange } from './problem';
import type { ProblemList } from './yaml/problemList';
import type { Span } from './yaml/yamlNode';

/** The blocks that set parameters anew for each task. */
export type Block = 'grid' | 'paired' | 'random';

/**
 * Keeps who sets which parameter. A name that is the beginning of another (`model` and `model.width`) is fine: in
 * Hydra the first chooses a group and the second changes a value in it.
 */
export class ParameterNames {
  private readonly blocks = new Map<string, Block>();
  private readonly ranges = new Map<string, TextRange>();

  constructor(private readonly problems: ProblemList) {}

  /** Takes a name for a block; false, and reported, when another place has it already or it is no name. */
  take(name: string, block: Block, at: Span): boolean {
    if (!isName(name)) {
      this.problems.error('empty-name', at, 'A parameter has no name here.');
      return false;
    }
    const before = this.blocks.get(name);
    if (before === undefined) {
      this.blocks.set(name, block);
      this.note(name, at);
      return true;
    }
    const line = this.ranges.get(name)?.line ?? 1;
    const message =
      before === block
        ? `\`${name}\` is set twice in \`${block}\`: here and in line ${line}.`
        : `\`${name}\` is set in \`${block}\` here and in \`${before}\` in line ${line}.`;
    this.problems.error('duplicate-name', at, message, 'Keep one of them.');
    return false;
  }

  /** Remembers the place of a name that no block varies. */
  note(name: string, at: Span | TextRange): void {
    if (!this.ranges.has(name)) this.ranges.set(name, this.problems.rangeOf(at));
  }

  isVaried(name: string): boolean {
    return this.blocks.has(name);
  }

  /** The first place of each parameter. */
  get places(): ReadonlyMap<string, TextRange> {
    return this.ranges;
  }
}

/** A dotted name without empty parts. */
function isName(name: string): boolean {
  return name.split('.').every((part) => part.trim() !== '') && !name.includes('\0');
}
