/** What became of a transfer that broke off. Paths of files are relative to the project. */
export interface Recovered {
  readonly fresh: readonly string[];
  readonly old: readonly string[];
  /** Absent when no commits were under way. */
  readonly commits?: {
    /** `moved`: neither; somebody went on from there, and nothing was touched. */
    readonly state: 'new' | 'old' | 'moved';
    /** Paths from the repository's top that are neither old nor new. */
    readonly left: readonly string[];
    /** Somebody wrote git's index meanwhile: it does not know the commits. */
    readonly isIndexLeft?: boolean;
  };
}

/** Reads the sections of `recover.sh`; undefined when nothing had broken off. */
export function parseRecovered(sections: ReadonlyMap<string, readonly string[]>): Recovered | undefined {
  const words = sections.get('recovered');
  if (!words) return undefined;
  const of = (kind: string): string[] =>
    words.flatMap((word) => (word.startsWith(kind) ? [word.slice(kind.length)] : []));
  const [state, ...rest] = sections.get('commits') ?? [];
  const files = { fresh: of('new '), old: of('old ') };
  if (state !== 'new' && state !== 'old' && state !== 'moved') return files;
  const isIndexLeft = state === 'new' && rest[0] === 'index';
  return { ...files, commits: { state, left: isIndexLeft ? [] : rest, isIndexLeft } };
}

/** @param where - e.g. `here`, `on gpubox` */
export function wordRecovered({ fresh, old, commits }: Recovered, where: string): string {
  const list = (paths: readonly string[]): string => paths.join(', ') || 'none';
  return [
    `An earlier sync was interrupted ${where}.`,
    ...(commits ? wordCommits(commits) : []),
    `New: ${list(fresh)}. Old: ${list(old)}.`,
  ].join(' ');
}

function wordCommits({ state, left, isIndexLeft }: NonNullable<Recovered['commits']>): string[] {
  const outcome = {
    new: 'Its commits arrived.',
    old: 'Its commits did not arrive.',
    moved: 'The branch has gone on since; its commits and files were left as they are.',
  }[state];
  return [
    outcome,
    ...(isIndexLeft === true
      ? [
          'The index was changed meanwhile: where `git status` shows changes that are none, `git reset` helps.',
        ]
      : []),
    ...(left.length > 0 ? [`Left as they are, because they were changed since: ${left.join(', ')}.`] : []),
  ];
}
