import { classify } from './classify';
import type { Comparison, FileComparison, UnderCommits } from './comparison';
import { ABSENT, type Content } from './content';
import { fileFacts, type SyncedContents } from './fileFacts';
import { makeOffer } from './offer';
import { findRenames } from './renames';
import { judgeSafety } from './safety';
import type { DirtyEntry, History, SideState } from './sideState';
import { syncDetails } from './syncDetails';
import { formatVerdict } from './verdictText';

/** What a comparison is made of. */
export interface BothSides {
  readonly source: string;
  readonly local: SideState;
  readonly remote: SideState;
  /** Absent unless both sides have git. */
  readonly history?: History;
  readonly synced: SyncedContents;
  readonly kindOf: (path: string) => 'code' | 'config';
  /** Paths that stay out of a sync, e.g. ignored ones. */
  readonly isLeftOut: (path: string) => boolean;
  /** What made the look at a side incomplete, each a sentence: nothing is safe then. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Decides about every file and about the whole. Pure: the same sides give the same comparison. */
export function compareSides(both: BothSides): Comparison {
  const { source, local, remote, history, synced } = both;
  const errors = [...both.errors, ...emptySide(both)];
  const warnings = [...both.warnings];
  const facts = fileFacts(local, remote, history, synced);
  const files: FileComparison[] = [];
  const underCommits: UnderCommits[] = [];
  for (const [path, fact] of facts) {
    const entries = [local.git?.dirty.get(path), remote.git?.dirty.get(path)] as const;
    const isLeftOut = isOut(path, entries, both);
    const nested = nestedIn(entries);
    if (nested !== undefined) {
      if (!isLeftOut) warnings.push(nestedWarning(path, nested));
      continue;
    }
    const verdict = classify(fact);
    const edited = history && editedUnderCommits(path, both, history);
    // A submodule stays where it is, whatever commit the project's commits name.
    if (edited && !isSubmodule(edited))
      underCommits.push({ path, verdict, hasStagedContent: edited.hasStagedContent, isLeftOut });
    if (verdict === 'same' || isLeftOut) continue;
    files.push({
      path,
      verdict,
      kind: both.kindOf(path),
      local: fact.local.content,
      remote: fact.remote.content,
      via: history && travelsWithCommits(path, history, entries) ? 'commit' : 'file',
      ...withDefined('blocked', blockOf(fact.local.content, fact.remote.content, entries)),
      ...(entries.some(isSubmodule) && { special: 'submodule' }),
      ...withDefined('note', noteOf(path, fact.local.content, fact.remote.content, both)),
    });
  }
  files.push(...missingThere(both, facts, warnings));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const listed = findRenames(files);
  const method = history ? 'git' : 'checksum';
  const inSync = listed.length === 0 && errors.length === 0 && (!history || history.relation === 'same');
  const judged = { ...both, errors, files: listed, inSync };
  const safe = { push: judgeSafety('push', judged), pull: judgeSafety('pull', judged) };
  const offer = makeOffer({ files: listed, safe, history, underCommits, hasSynced: synced.size > 0 });
  const { ahead, behind } = history ?? { ahead: 0, behind: 0 };
  return {
    source,
    inSync,
    method,
    verdict: formatVerdict(judged),
    local: summaryOf(local),
    remote: summaryOf(remote),
    safe,
    files: listed,
    underCommits,
    details: syncDetails(listed, facts.size, both),
    compared: facts.size,
    warnings,
    errors,
    ...withDefined('ahead', ahead),
    ...withDefined('behind', behind),
    ...withDefined('offer', offer),
  };
}

/** A side that lost all its files was not edited: a disk is not mounted, or the path is wrong. */
function emptySide({ local, remote, history, synced }: BothSides): string[] {
  const [here, there] = [local.contents.size, remote.contents.size];
  if (history || synced.size === 0 || (here > 0 && there > 0)) return [];
  const where = here === 0 ? 'The workspace' : 'The checkout';
  return [
    `${where} has no files any more, though it had ${synced.size} when it was last synced. Is its disk there?`,
  ];
}

type Entries = readonly [local: DirtyEntry | undefined, remote: DirtyEntry | undefined];

function isOut(path: string, entries: Entries, { isLeftOut }: BothSides): boolean {
  if (isLeftOut(path)) return true;
  const isFolder = entries.some((entry) => entry?.kind === 'repository' || entry?.kind === 'submodule');
  // A pattern may be for folders alone.
  return isFolder && isLeftOut(`${path}/`);
}

/** Where a repository lies in the project that is none of its submodules; git does not look into it. */
function nestedIn([local, remote]: Entries): string | undefined {
  const [here, there] = [local?.kind === 'repository', remote?.kind === 'repository'];
  if (here && there) return 'on both sides';
  if (here && !remote) return 'here';
  return there && !local ? 'in the checkout' : undefined;
}

function nestedWarning(path: string, where: string): string {
  return `${path} is a git repository of its own ${where} and takes no part: sync it with git, or leave it out by sync.exclude.`;
}

/** The edit of a file on the side that is about to get commits which change it too. */
function editedUnderCommits(
  path: string,
  { local, remote }: BothSides,
  history: History,
): DirtyEntry | undefined {
  if (history.relation === 'ahead' && history.localChanges.has(path)) return remote.git?.dirty.get(path);
  if (history.relation === 'behind' && history.remoteChanges.has(path)) return local.git?.dirty.get(path);
  return undefined;
}

/** A file that is also edited beyond the commits travels as a file on top of them. */
function travelsWithCommits(
  path: string,
  { localChanges, remoteChanges }: History,
  entries: Entries,
): boolean {
  return (localChanges.has(path) || remoteChanges.has(path)) && entries.every((entry) => entry === undefined);
}

function blockOf(local: Content, remote: Content, entries: Entries): string | undefined {
  if (entries.some(isSubmodule)) return submoduleText(entries);
  if (entries.some((entry) => entry?.kind === 'unmerged'))
    return 'It has a merge conflict that is not resolved.';
  const odd = [local, remote].find((content) => content.kind === 'other');
  return odd?.kind === 'other' ? `It cannot be transferred: ${odd.what}.` : undefined;
}

function isSubmodule(entry: DirtyEntry | undefined): boolean {
  return entry?.kind === 'submodule';
}

function submoduleText([here, there]: Entries): string {
  const where = here ? 'here' : 'there';
  return !(here && there) && (here ?? there)?.hasOtherCommit === true
    ? `It is a submodule, ${where} at another commit than the project names: run \`git submodule update\` ${where}, or commit that one.`
    : 'It is a submodule: commit inside it and update it on the other side with git.';
}

/** A sparse checkout may leave out most of a repository; nobody reads a longer list. */
const LISTED_MISSING = 1000;

/** What is here, and committed on both sides, and yet not in the checkout's folder: tasks would not find it. */
function missingThere(
  both: BothSides,
  known: ReadonlyMap<string, unknown>,
  warnings: string[],
): FileComparison[] {
  const { local, remote, history, isLeftOut } = both;
  if (!local.git || !remote.git || !history || history.relation === 'unrelated') return [];
  const missing = (theirs: ReadonlySet<string>, ours: ReadonlySet<string> = new Set()): string[] =>
    [...theirs].filter((path) => !known.has(path) && !ours.has(path) && !isLeftOut(path));
  const hidden = missing(remote.git.hidden, local.git.hidden);
  const submodules = missing(remote.git.emptySubmodules, local.git.emptySubmodules);
  if (hidden.length > LISTED_MISSING)
    warnings.push(`${hidden.length - LISTED_MISSING} more files are left out there by a sparse checkout.`);
  const missingFile = { verdict: 'deletedThere', via: 'file', remote: ABSENT } as const;
  return [
    ...hidden.slice(0, LISTED_MISSING).map((path) => ({
      ...missingFile,
      path,
      kind: both.kindOf(path),
      local: { kind: 'other', what: 'git knows it unchanged' } as const,
      blocked: 'A sparse checkout leaves it out there: `git sparse-checkout add` brings it.',
      special: 'leftOutThere' as const,
    })),
    ...submodules
      .filter((path) => !isLeftOut(`${path}/`))
      .map((path) => ({
        ...missingFile,
        path,
        kind: both.kindOf(path),
        local: { kind: 'other', what: 'it is a submodule' } as const,
        blocked: 'It is a submodule that is not checked out there: run `git submodule update --init` there.',
        special: 'submodule' as const,
      })),
  ];
}

function noteOf(path: string, local: Content, remote: Content, both: BothSides): string | undefined {
  if (both.remote.git?.dirty.get(path)?.hasStagedContent)
    return 'The remote has staged a version that differs from the file there.';
  if (both.local.git?.dirty.get(path)?.hasStagedContent)
    return 'A version is staged here that differs from the file.';
  if (local.kind === 'file' && remote.kind === 'file' && local.sha256 === remote.sha256)
    return 'Only the executable bit differs.';
  return undefined;
}

function summaryOf({ git }: SideState): Comparison['local'] {
  return { ...withDefined('commit', git?.head), ...withDefined('branch', git?.branch) };
}

/** An object with the key only where there is a value. */
function withDefined<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}
