import { isAbsolute, join, relative } from 'node:path';
import { errorText } from '../../core/base/errors';
import type { Clock } from '../../core/base/clock';
import type { Logger } from '../../core/base/logger';
import { quoteWord } from '../../core/base/shellWord';
import type { Backup, Side } from '../../core/sync/backup';
import type { CheckoutPort, SidesSeen, Transferred } from '../../core/sync/checkoutPort';
import { makeConfigFileRule } from '../../core/sync/configFile';
import type { SyncedContents } from '../../core/sync/fileFacts';
import type { SyncPlan } from '../../core/sync/plan';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import type { SideState } from '../../core/sync/sideState';
import type { SyncProgress } from '../../core/sync/syncFacade';
import { GitCli } from '../git/gitCli';
import type { StreamHost } from '../host/streamHost';
import { faultOfPath } from '../transfer/remotePath';
import { dropOldStaging } from './arrivedHere';
import { backupOf, isBackupId, newBackupId } from './backupId';
import { refusalError, refusalOf } from './checkout/answers';
import { Programs } from './checkout/program';
import type { Sections } from './checkout/words';
import { joinWords } from './checkout/words';
import { askArrived } from './leftovers';
import { lookAtBoth } from './lookAtBoth';
import { SYNC_DIR, type Places } from './places';
import { pullPlan } from './pull';
import { pushPlan } from './push';
import { recoverHere } from './recoverHere';
import { parseRecovered, wordRecovered } from './recovered';
import { SyncedFile } from './syncedFile';
import { makePathTest } from './workspace/leftOut';
import { findWorkspaceGit, readHasModes } from './workspace/workspaceGit';
import { listBackupsHere, restoreHere } from './workspace/workspaceBackups';

export interface CheckoutSyncOptions {
  /** Name of the source; a file name is made of it. */
  readonly source: string;
  /** Root of the project here, absolute. */
  readonly projectDir: string;
  readonly host: StreamHost;
  /** The checkout there, as the configuration writes it. */
  readonly checkout: string;
  /** The project's folder for results, as the configuration writes it. */
  readonly output: string;
  /** Patterns of what stays out. */
  readonly exclude: readonly string[];
  /** Patterns of config files; absent: by their usual names. */
  readonly configFiles?: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** A larger file is not shown beside another. */
const MAX_SHOWN_BYTES = 50 * 1024 * 1024;

/** The workspace and its copy on a host, over POSIX `sh`, and git where both have it. */
export class CheckoutSync implements CheckoutPort {
  private readonly places: Places;
  private readonly synced: SyncedFile;
  /** What the checkout's folder is called by its machine; known after the first look. */
  private identity = '';
  /** Names that the receiving side of each direction had at the last look, as far as it looked. */
  private present: Readonly<Record<'push' | 'pull', readonly string[]>> = { push: [], pull: [] };

  /** Whether the checkout may have contents of a push that broke off: at the last look, or since. */
  private hasLeftovers = false;

  constructor(private readonly options: CheckoutSyncOptions) {
    const { projectDir, host, checkout, source, exclude, configFiles, log } = options;
    const output = insideOf(projectDir, options.output);
    const stateDir = join(projectDir, SYNC_DIR, 'sources', encodeURIComponent(source));
    this.places = {
      root: projectDir,
      git: new GitCli(projectDir),
      there: new Programs(host, checkout, log),
      hostLabel: host.label,
      checkout,
      stateDir,
      exclude,
      kindOf: makeConfigFileRule(configFiles && makePathTest(configFiles)),
      log,
      ...(output !== undefined && { output }),
    };
    this.synced = new SyncedFile(join(stateDir, 'synced.json'));
  }

  async look(signal: AbortSignal): Promise<SidesSeen> {
    const { seen, remoteRoot, leftovers } = await lookAtBoth(this.places, signal);
    this.present = { push: presentNames(seen.remote), pull: presentNames(seen.local) };
    this.identity = `${this.places.hostLabel}:${remoteRoot}`;
    this.hasLeftovers = leftovers !== 'none';
    await this.dropOldLeftovers(leftovers === 'old', signal);
    return seen;
  }

  transfer(
    plan: SyncPlan,
    signal: AbortSignal,
    tell: (progress: SyncProgress) => void,
  ): Promise<Transferred> {
    const id = this.newId();
    const present = this.present[plan.direction];
    if (plan.direction === 'pull') return pullPlan(this.places, plan, { id, present, signal, tell });
    const { hasLeftovers } = this;
    this.hasLeftovers = true;
    return pushPlan(this.places, plan, { id, present, hasLeftovers, signal, tell });
  }

  async recover(signal: AbortSignal): Promise<readonly string[]> {
    const here = await recoverHere(this.places);
    const there = parseRecovered(await this.ask('recover', [], signal));
    return [
      ...(here ? [wordRecovered(here, 'here')] : []),
      ...(there ? [wordRecovered(there, `on ${this.places.hostLabel}`)] : []),
    ];
  }

  async readRemote(path: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    requireInside(path);
    const sections = await this.ask('show', [`./${path}`, String(MAX_SHOWN_BYTES)], signal);
    const [base64] = sections.get('content') ?? [];
    return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  }

  async backups(signal: AbortSignal): Promise<readonly Backup[]> {
    const [here, sections] = await Promise.all([
      listBackupsHere(this.places.root),
      this.ask('backups', [], signal),
    ]);
    const there: Backup[] = [];
    for (const [id, files] of readBackups(sections.get('backups') ?? [])) {
      if (isBackupId(id)) there.push(backupOf(id, 'remote', files));
    }
    return [...here, ...there].filter(({ files }) => files.length > 0).sort((a, b) => (a.id < b.id ? 1 : -1));
  }

  async restore(
    { id, side }: { readonly id: string; readonly side: Side },
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (!isBackupId(id)) throw new ProjectSyncError(`${id} is no backup.`);
    files.forEach(requireInside);
    if (side === 'local') {
      const { root, git } = this.places;
      const hasGit = (await findWorkspaceGit(git)) !== undefined;
      const folder = { root, hasModes: hasGit ? await readHasModes(git) : undefined };
      await restoreHere(folder, { from: id, to: this.newId() }, files, this.places.log);
      return files;
    }
    const input = Buffer.from(files.map((path) => `back ${quoteWord(path)}\n`).join(''));
    const sections = await this.ask('restore', [id, this.newId()], signal, input);
    const [failed, why] = sections.get('failed') ?? [];
    if (failed === undefined) return sections.get('done') ?? [];
    throw new ProjectSyncError(`${failed} cannot be put back on ${this.places.hostLabel}: ${why ?? ''}`);
  }

  readSynced(): Promise<SyncedContents> {
    return this.synced.read(this.identity);
  }

  writeSynced(synced: SyncedContents): Promise<void> {
    return this.synced.write(this.identity, synced);
  }

  /** What transfers left that broke off days ago. It can wait, e.g. for another sync or a disk that can be written again. */
  private async dropOldLeftovers(isOldThere: boolean, signal: AbortSignal): Promise<void> {
    const { root, log } = this.places;
    try {
      await dropOldStaging(join(root, SYNC_DIR), this.options.clock.now(), log);
      if (isOldThere) await askArrived(this.places, [], signal);
    } catch (error) {
      signal.throwIfAborted();
      log.debug(`sync: what an earlier sync left is not removed now: ${errorText(error)}`);
    }
  }

  private async ask(
    name: 'recover' | 'backups' | 'restore' | 'show',
    args: readonly string[],
    signal: AbortSignal,
    input = joinWords([]),
  ): Promise<Sections> {
    const sections = await this.places.there.ask({ name, args, input }, signal);
    const refusal = refusalOf(sections);
    if (refusal) throw refusalError(refusal, this.places);
    return sections;
  }

  private newId(): string {
    return newBackupId(this.options.clock.now());
  }
}

function presentNames({ contents }: SideState): string[] {
  return [...contents].flatMap(([path, { kind }]) => (kind === 'absent' ? [] : [path]));
}

function readBackups(words: readonly string[]): Map<string, string[]> {
  const backups = new Map<string, string[]>();
  let files: string[] = [];
  for (const word of words) {
    if (word.startsWith('backup ')) backups.set(word.slice('backup '.length), (files = []));
    else files.push(word.slice(2));
  }
  return backups;
}

function requireInside(path: string): void {
  const fault = faultOfPath(path);
  if (fault !== undefined) throw new ProjectSyncError(`${JSON.stringify(path)} ${fault}.`);
}

/** Relative, with `/`; undefined when it is not below the project. */
function insideOf(projectDir: string, path: string): string | undefined {
  const inside = isAbsolute(path) ? relative(projectDir, path) : path.replace(/^\.\//, '');
  const clean = inside.replaceAll('\\', '/').replace(/\/+$/, '');
  return clean === '' || clean === '.' || clean.startsWith('..') || isAbsolute(clean) ? undefined : clean;
}
