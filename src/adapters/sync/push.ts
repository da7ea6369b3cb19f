import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { errorText } from '../../core/base/errors';
import type { Disposable } from '../../core/base/lifecycle';
import { quoteWord } from '../../core/base/shellWord';
import { BACKUPS_KEPT, backupCutoff } from '../../core/sync/backup';
import type { Transferred } from '../../core/sync/checkoutPort';
import { isSameContent, type Content } from '../../core/sync/content';
import type { PlannedFile, SyncPlan } from '../../core/sync/plan';
import type { SyncProgress } from '../../core/sync/syncFacade';
import { fileCount } from '../../core/sync/verdictText';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import { backupIdAt, backupOf, backupTimeMs } from './backupId';
import { refusalError, refusalOf } from './checkout/answers';
import { expectedLook, parseLook, sortWords } from './checkout/lookWords';
import { joinWords, type Sections } from './checkout/words';
import { readCommitParts } from './commitParts';
import { refuseClashes } from './nameClashes';
import { withModes } from './executableBits';
import { mergeRefusedError, parseMergeRefusal } from './mergeRefusal';
import { askArrived, reuseMembers, splitArrived, type ContentToSend } from './leftovers';
import type { Places } from './places';
import { writeTar, type TarMember } from './tarStream';
import { changedError, folderError, stoppedError } from './transferErrors';
import { deletesOf, foldersInTheWay, foldersToGo } from './foldersToGo';
import { TransferTeller } from './transferTeller';
import { findWorkspaceGit } from './workspace/workspaceGit';

export interface PushOptions {
  /** Of the backup. */
  readonly id: string;
  /** Names that the checkout is known to have. */
  readonly present: readonly string[];
  /** The checkout may have contents of a push that broke off: it is asked, and what it has is not sent again. */
  readonly hasLeftovers: boolean;
  readonly signal: AbortSignal;
  readonly tell: (progress: SyncProgress) => void;
}

/** Brings a plan to the checkout: one stream, one program. Nothing begins there before everything has arrived. */
export async function pushPlan(
  anyTime: Places,
  wanted: SyncPlan,
  { id, present, hasLeftovers, signal, tell }: PushOptions,
): Promise<Transferred> {
  const places = { ...anyTime, git: anyTime.git.until(signal) };
  const { commits } = wanted;
  await refuseClashes(places, wanted, present, signal);
  const plan = { ...wanted, files: await withModes(places.git, wanted.files) };
  const work = join(places.stateDir, `push-${id}`);
  await mkdir(work, { recursive: true });
  const sending = new Until(signal);
  try {
    const prune = [backupIdAt(backupCutoff(backupTimeMs(id))), String(BACKUPS_KEPT)];
    const args = [id, commits ? (commits.from ?? '') : '-', commits?.to ?? '', ...prune];
    const prefix = commits && ((await findWorkspaceGit(places.git))?.prefix ?? '');
    const allSent = (): void => {
      sending.dispose();
    };
    const contents = contentsOf(plan);
    const arrived = hasLeftovers ? await askArrived(places, contents, signal) : new Set<string>();
    const { sent, reused } = splitArrived(contents, arrived);
    const options = { id, work, prefix, sent, reused, tell, allSent };
    const input = writeTar(members(places, plan, options));
    const sections = await places.there.ask({ name: 'apply', args, input }, sending.signal);
    return readOutcome({ ...places, ...(prefix !== undefined && { prefix }) }, plan, id, sections);
  } finally {
    sending.dispose();
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * A wish to stop, until nobody heeds it any more: when everything was sent, the checkout goes on to the end, and what came of
 * it is worth waiting for.
 */
class Until implements Disposable {
  private readonly abort = new AbortController();
  readonly signal = this.abort.signal;
  private readonly pass = (): void => {
    this.abort.abort(this.wish.reason);
  };

  constructor(private readonly wish: AbortSignal) {
    if (wish.aborted) this.pass();
    wish.addEventListener('abort', this.pass);
  }

  dispose(): void {
    this.wish.removeEventListener('abort', this.pass);
  }
}

interface MembersOptions extends Pick<PushOptions, 'id' | 'tell'> {
  /** A folder for what is made on the way. */
  readonly work: string;
  /** Called before the last member, which says that everything is there. */
  readonly allSent: () => void;
  /** Of the project in its repository; undefined: no commits travel. */
  readonly prefix: string | undefined;
  readonly sent: readonly ContentToSend[];
  /** What the checkout takes from an earlier push. */
  readonly reused: readonly ContentToSend[];
}

function contentsOf({ files }: SyncPlan): ContentToSend[] {
  return files.flatMap(({ path, next }, number) =>
    next.kind === 'file' ? [{ path, number, content: next }] : [],
  );
}

async function* members(
  places: Places,
  plan: SyncPlan,
  { id, work, prefix = '', sent, reused, tell, allSent }: MembersOptions,
): AsyncGenerator<TarMember> {
  const { files, commits } = plan;
  yield text('look', joinWords(files.map(({ path }) => path)));
  const folders = foldersToGo(files);
  const expected = files.flatMap((file) =>
    folders.has(file.path) ? [`d ./${file.path}`] : requireLook(file.path, file.expected),
  );
  yield text('expect', sortWords(expected));
  if (folders.size > 0) {
    yield text('folders', joinWords([...folders].map((path) => `./${path}`)));
    yield text('drops', joinWords(deletesOf(files).map((path) => `./${path}`)));
  }
  yield text('plan.sh', Buffer.from(planLines(files).join('')));
  yield text('plan', joinWords(planWords(files)));
  if (commits) {
    const parts = await readCommitParts(places.git, commits, prefix);
    yield text('id', Buffer.from(`${id}\n`));
    yield text('from', Buffer.from(commits.from ?? ''));
    yield text('target', Buffer.from(commits.to));
    yield text('touched', parts.touched);
    yield text('added', parts.added);
    yield text('index', parts.index);
    const bundle = await bundleOf(places, commits, join(work, 'bundle'));
    const teller = new TransferTeller('Sending', { files: 0, bytes: bundle.size }, tell);
    yield { ...bundle, bytes: teller.count(bundle.bytes) };
  }
  yield* reuseMembers(reused);
  if (sent.length > 0) {
    const total = { files: sent.length, bytes: await sizeOf(places.root, sent) };
    const teller = new TransferTeller('Sending', total, tell);
    const read = inAdvance(sent, ({ path, number, content }) =>
      fileMember(join(places.root, path), path, `files/${number}`, content),
    );
    for await (const member of read) yield { ...member, bytes: teller.count(member.bytes) };
  }
  allSent();
  yield text('end', Buffer.alloc(0));
  tell({ text: `Writing ${fileCount(files.length)}` });
}

/** For the progress alone: what has gone meanwhile is found when it is read. */
async function sizeOf(root: string, files: readonly { readonly path: string }[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(({ path }) =>
      stat(join(root, path)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A shell program of constant words and quoted paths: `put 0 'train.py' f`. */
function planLines(files: readonly PlannedFile[]): string[] {
  return files.map(({ path, next }, number) => {
    const word = quoteWord(path);
    if (next.kind === 'file') return `put ${number} ${word} ${bitOf(next)}\n`;
    if (next.kind === 'link') return `make_link ${word} ${quoteWord(next.target)}\n`;
    return `drop ${word}\n`;
  });
}

/** Executable, not, or as the file is that it replaces. */
function bitOf({ isExecutable }: Content & { kind: 'file' }): 'x' | 'f' | 'k' {
  if (isExecutable === undefined) return 'k';
  return isExecutable ? 'x' : 'f';
}

/** The same as three words for each file: what, a detail, the path. */
function planWords(files: readonly PlannedFile[]): string[] {
  return files.flatMap(({ path, next }, number) => {
    if (next.kind === 'file') return [bitOf(next), String(number), path];
    return next.kind === 'link' ? ['link', next.target, path] : ['drop', '', path];
  });
}

function text(name: string, bytes: Buffer): TarMember {
  return { name, size: bytes.length, bytes: [bytes] };
}

async function bundleOf(
  { git }: Places,
  { from, to }: { readonly from?: string; readonly to: string },
  file: string,
): Promise<TarMember> {
  const since = from === undefined ? [] : [`^${from}`];
  const { exitCode, stderr } = await git.run(['bundle', 'create', '-q', file, 'HEAD', ...since]);
  if (exitCode !== 0)
    throw new ProjectSyncError(`git cannot bundle the commits: ${stderr}. Nothing was transferred.`);
  const head = (await git.text(['rev-parse', 'HEAD'])).trim();
  if (head !== to)
    throw new ProjectSyncError('The workspace went to another commit since the comparison. Compare again.');
  const handle = await open(file);
  const { size } = await handle.stat().finally(() => handle.close());
  return { name: 'bundle', size, bytes: createReadStream(file) };
}

/** Read whole while others are sent; larger ones in pieces. */
const SMALL_BYTES = 1 << 18;
const IN_ADVANCE = 16;

/** The results in the order of the items, of which some are worked on ahead. */
async function* inAdvance<T, R>(items: readonly T[], work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  for (let next = 0; next < items.length || begun.length > 0;) {
    for (; next < items.length && begun.length < IN_ADVANCE; next += 1) {
      const result = work(items[next] as T);
      // Told when its turn comes.
      result.catch(() => undefined);
      begun.push(result);
    }
    const first = begun.shift();
    if (first) yield await first;
  }
}

/** @throws ProjectSyncError when the file is not what was compared */
async function fileMember(
  file: string,
  path: string,
  name: string,
  { sha256, isExecutable }: Content & { kind: 'file' },
): Promise<TarMember> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const member = { name, size, isExecutable: isExecutable === true };
      if (size > SMALL_BYTES) return { ...member, bytes: checked(file, path, { size, sha256 }) };
      const bytes = await handle.readFile();
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw changedError([path], 'here');
      return { ...member, size: bytes.length, bytes: [bytes] };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof ProjectSyncError) throw error;
    throw new ProjectSyncError(`${path} cannot be read: ${errorText(error)}. Nothing was transferred.`);
  }
}

/** @throws ProjectSyncError when the file changes meanwhile */
async function* checked(
  file: string,
  path: string,
  { size, sha256 }: { readonly size: number; readonly sha256: string },
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read > size) throw changedError([path], 'here');
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw changedError([path], 'here');
}

function requireLook(path: string, content: Content): readonly string[] {
  const words = expectedLook(path, content);
  if (words) return words;
  throw new ProjectSyncError(`What the checkout has at ${path} cannot be replaced. Nothing was transferred.`);
}

function readOutcome(
  places: Places & { readonly prefix?: string },
  plan: SyncPlan,
  id: string,
  sections: Sections,
): Transferred {
  const refusal = refusalOf(sections);
  if (refusal?.kind === 'moved') {
    throw new ProjectSyncError(
      'The checkout went to another commit since the comparison. Nothing was changed.',
      [{ text: 'Compare again.', blocks: true, about: 'everything' }],
    );
  }
  if (refusal) throw refusalError(refusal, places);
  const inside = sections.get('inside');
  if (inside)
    throw folderError(
      inside.map((path) => path.slice(2)),
      `on ${places.hostLabel}`,
    );
  const found = sections.get('changed');
  const folders = found && foldersInTheWay(plan.files, parseLook(found));
  if (folders && folders.length > 0) throw folderError(folders, `on ${places.hostLabel}`);
  if (found)
    throw changedError(differing(plan.files, parseLook(found), 'expected'), `on ${places.hostLabel}`);
  const unmerged = parseMergeRefusal(sections.get('merge') ?? []);
  if (unmerged) throw mergeRefusedError(unmerged, places, `on ${places.hostLabel}`);
  const done = new Set(sections.get('done') ?? []);
  const [failed, why = ''] = sections.get('failed') ?? [];
  if (failed !== undefined)
    throw stoppedError(plan, done, { path: failed, why, where: `on ${places.hostLabel}` });
  const wrong = differing(plan.files, parseLook(sections.get('after') ?? []), 'next');
  if (wrong.length > 0) throw changedError(wrong, `on ${places.hostLabel} after the transfer`);
  const kept = (sections.get('kept') ?? []).map((path) => path.slice(2));
  return {
    written: plan.files.filter(({ next }) => next.kind !== 'absent').map(({ path }) => path),
    deleted: plan.files.filter(({ next }) => next.kind === 'absent').map(({ path }) => path),
    ...(kept.length > 0 && { backup: backupOf(id, 'remote', kept) }),
  };
}

/** Paths whose content is not what it should be. */
export function differing(
  files: readonly PlannedFile[],
  found: ReadonlyMap<string, Content>,
  which: 'expected' | 'next',
): string[] {
  return files
    .filter((file) => !isSameContent(found.get(file.path) ?? { kind: 'absent' }, file[which]))
    .map(({ path }) => path);
}
