import { createHash } from 'node:crypto';
import { compareSides, type BothSides } from '../../../../src/core/sync/compareSides';
import type { Comparison } from '../../../../src/core/sync/comparison';
import { makeConfigFileRule } from '../../../../src/core/sync/configFile';
import type { Content } from '../../../../src/core/sync/content';
import type { DirtyEntry, GitState, History, SideState } from '../../../../src/core/sync/sideState';

/** A file with this text; undefined: none. */
export function content(text: string | undefined): Content {
  if (text === undefined) return { kind: 'absent' };
  return { kind: 'file', sha256: createHash('sha256').update(text).digest('hex'), isExecutable: false };
}

export const SAME: History = {
  relation: 'same',
  ahead: 0,
  behind: 0,
  localChanges: new Map(),
  remoteChanges: new Map(),
};

type Texts = Readonly<Record<string, string | undefined>>;

/** A git side: HEAD's files, and the files as they are now (undefined: deleted). */
export function gitSide(
  head: Texts,
  now: Texts,
  look: readonly string[],
  more: Partial<GitState> = {},
): SideState {
  const dirty = new Map<string, DirtyEntry>();
  for (const [path, text] of Object.entries(now)) {
    if (text === head[path]) continue;
    const inHead = head[path] !== undefined;
    dirty.set(path, { kind: inHead ? 'tracked' : 'untracked', inHead, hasStagedContent: false });
  }
  const contents = new Map(
    [...new Set([...look, ...dirty.keys()])].map((path) => [
      path,
      content(path in now ? now[path] : head[path]),
    ]),
  );
  const git = {
    head: 'a'.repeat(40),
    branch: 'main',
    prefix: '',
    operations: [],
    hidden: new Set<string>(),
    emptySubmodules: new Set<string>(),
    isShallow: false,
  };
  return { git: { ...git, ...more, dirty }, contents, warnings: [] };
}

/** Both sides on the same commit, each with its edits; both look into what the other edits. */
export function sameCommit(head: Texts, here: Texts, there: Texts, synced: Texts = {}): Comparison {
  const look = [...Object.keys(here), ...Object.keys(there)];
  return compare({
    local: gitSide(head, here, look),
    remote: gitSide(head, there, look),
    history: SAME,
    synced: new Map(Object.entries(synced).map(([path, text]) => [path, content(text)])),
  });
}

/** Both sides without git. */
export function withoutGit(here: Texts, there: Texts, synced: Texts = {}): Comparison {
  const side = (texts: Texts): SideState => ({
    contents: new Map(Object.entries(texts).map(([path, text]) => [path, content(text)])),
    warnings: [],
  });
  return compare({
    local: side(here),
    remote: side(there),
    synced: new Map(Object.entries(synced).map(([path, text]) => [path, content(text)])),
  });
}

export function compare(both: Partial<BothSides> & Pick<BothSides, 'local' | 'remote'>): Comparison {
  return compareSides({
    source: 'gpubox',
    synced: new Map(),
    kindOf: makeConfigFileRule(undefined),
    isLeftOut: () => false,
    errors: [],
    warnings: [],
    ...both,
  });
}

/** Path → verdict. */
export function verdicts(comparison: Comparison): Record<string, string> {
  return Object.fromEntries(comparison.files.map(({ path, verdict }) => [path, verdict]));
}
