import { expand, type Expansion } from '../sweep/expand';
import { plainText } from '../sweep/plainText';
import type { Sweep } from '../sweep/sweep';

/** Longer texts are cut: a line of a list has room for so much. */
const MAX_LENGTH = 120;

/** Short texts that tell the tasks of a sweep apart, made when asked for. */
export class ParameterTexts {
  private expansion: Expansion | undefined;
  private readonly names: readonly string[];

  /** @param total - tasks that the sweep had at launch; tasks added later come from another version of the file */
  constructor(
    private readonly sweep: Sweep,
    private readonly total: number,
  ) {
    this.names = varyingNames(sweep);
  }

  /** e.g. `lr=0.01 seed=3`. Undefined when the sweep file as it was at launch does not tell. */
  of(task: number): string | undefined {
    this.expansion ??= expand(this.sweep);
    if (task > Math.min(this.total, this.expansion.count)) return undefined;
    const parameters = this.expansion.at(task - 1);
    const parts = this.names.flatMap((name) => {
      const value = parameters.get(name);
      return value === undefined ? [] : [`${name}=${plainText(value)}`];
    });
    const text = parts.join(' ');
    return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
  }
}

function varyingNames({ axes, random, include }: Sweep): string[] {
  const swept = axes.filter(({ columns }) => (columns[0]?.length ?? 0) > 1).flatMap(({ names }) => names);
  const drawn = random ? [...random.distributions.keys()] : [];
  const included = include.flatMap(({ parameters }) => [...parameters.keys()]);
  return [...new Set([...swept, ...drawn, ...included])];
}
