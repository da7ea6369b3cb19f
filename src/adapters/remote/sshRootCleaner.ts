import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HsmError } from '../../core/base/errors';
import type { Logger } from '../../core/base/logger';
import { EARLIER } from '../../core/collection/earlierAttempts';
import { isRemovable } from '../../core/collection/removalGate';
import type { NotHere, RootCleaner, RootEntry, SourceRoot } from '../../core/collection/sourceCleaning';
import type { SshSourceConfig } from '../../core/project/sourceConfig';
import type { StreamHost } from '../host/streamHost';
import { FileTransfer } from '../transfer/fileTransfer';
import { planPull } from '../transfer/selection';
import type { Difference, SkippedFile } from '../transfer/transfer';
import { listTree, type TreeEntry } from '../transfer/treeListing';
import { askHost } from './hostFacts';
import cleaning from './cleaning.sh';
import { linksNotHere } from './linksNotHere';
import { selectionOf } from './remoteResultCollector';

export interface CleanerParts {
  readonly name: string;
  readonly host: StreamHost;
  readonly config: SshSourceConfig;
  readonly projectId: string;
  readonly log: Logger;
}

/** Measuring large directories takes its time. */
const TIMEOUT_MS = 600_000;

/** What the product keeps under the root of a source on a host. */
export class SshRootCleaner implements RootCleaner {
  constructor(private readonly parts: CleanerParts) {}

  async look(signal: AbortSignal): Promise<SourceRoot> {
    const { host, name, config, projectId } = this.parts;
    const { root } = await askHost(host, name, { root: config.root }, signal);
    const stdout = await this.run(['list', root, projectId], signal);
    return { root, projectId, entries: parseEntries(stdout, root, projectId) };
  }

  async differences(
    entry: RootEntry,
    localSweepDir: string,
    signal: AbortSignal,
  ): Promise<readonly NotHere[]> {
    const { host, config, log } = this.parts;
    const tasksDir = `${entry.path}/tasks`;
    const { entries, complaints } = await listTree(host, tasksDir, undefined, signal);
    const unseen = complaints.map(({ path = 'something', reason }): NotHere => {
      return { text: `${path} (could not be looked at: ${reason})`, by: 'hand' };
    });
    const plan = planPull(entries, selectionOf(config.collect ?? {}));
    const left = new Map(plan.skipped.map((skipped) => [skipped.path, skipped]));
    const dirs = [join(localSweepDir, 'tasks'), ...(await earlierDirs(localSweepDir))];
    const links = linksNotHere(entries, dirs).map(({ path, fault }) => {
      const skipped = left.get(path);
      return skipped || !fault ? notHere(path, 'missing here', skipped) : fault;
    });
    const files = await differentFiles(new FileTransfer(host, { log }), tasksDir, dirs, entries, signal);
    return [...files.map(({ path, kind }) => notHere(path, kind, left.get(path))), ...links, ...unseen];
  }

  async remove(
    { root, projectId }: SourceRoot,
    paths: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const bad = paths.find((path) => !isRemovable(root, projectId, path));
    if (bad !== undefined) throw new Error(`not a path to remove: ${bad}`);
    this.parts.log.info(`${this.parts.host.label}: removing ${paths.join(', ')}`);
    const words = ['remove', root, ...paths.map((path) => path.slice(root.length + 1))];
    const kept = (await this.run(words, signal)).split('\n').filter((line) => line.startsWith('kept\t'));
    return kept.map((line) => `${root}/${line.slice('kept\t'.length)}`);
  }

  private async run(words: readonly string[], signal: AbortSignal): Promise<string> {
    const argv = ['sh', '-s', '--', ...words];
    const { host } = this.parts;
    const { stdout, stderr, exitCode } = await host.run(argv, signal, {
      stdin: cleaning,
      timeoutMs: TIMEOUT_MS,
    });
    if (exitCode === 0) return stdout;
    throw new HsmError('command.failed', `Cleaning up on ${host.label} failed: ${stderr.trim()}`, {
      argv,
      exitCode,
      stderr,
    });
  }
}

/** Files that are the same in none of the directories here. */
async function differentFiles(
  transfer: FileTransfer,
  tasksDir: string,
  [usual = '', ...others]: readonly string[],
  entries: readonly TreeEntry[],
  signal: AbortSignal,
): Promise<readonly Difference[]> {
  const files = entries.filter(({ kind }) => kind === 'file').map(({ path }) => path);
  let differences = files.length === 0 ? [] : await transfer.verify(tasksDir, usual, files, signal);
  for (const other of differences.length > 0 ? others : []) {
    const missing = differences.map(({ path }) => path);
    const elsewhere = await transfer.verify(tasksDir, other, missing, signal);
    const different = new Set(elsewhere.map(({ path }) => path));
    differences = differences.filter(({ path }) => different.has(path));
  }
  return differences;
}

/** @param skipped - why a collection leaves it there */
function notHere(path: string, kind: Difference['kind'], skipped: SkippedFile | undefined): NotHere {
  if (skipped === undefined) return { text: `${path} (${kind})`, by: 'collection' };
  const isByRules = skipped.reason === 'unwanted' || skipped.reason === 'size';
  if (isByRules) return { text: `${path} (left out by \`collect\`: it ${skipped.detail})`, by: 'rules' };
  return { text: `${path} (${skipped.detail})`, by: 'hand' };
}

/** Where files of earlier attempts are here, if any. */
async function earlierDirs(sweepDir: string): Promise<string[]> {
  const parent = join(sweepDir, EARLIER);
  try {
    return (await readdir(parent)).sort().map((name) => join(parent, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * ```
 * sweep⇥120⇥0⇥/home/ada/.hsm/code/p-1/0f3a⇥sweep_20261122_101500     KiB, living processes, code, name
 * code⇥80⇥0f3a
 * ```
 */
export function parseEntries(stdout: string, root: string, projectId: string): RootEntry[] {
  return stdout.split('\n').flatMap((line): RootEntry | readonly [] => {
    const [kind, kib, ...rest] = line.split('\t');
    const name = rest.at(-1);
    if (name === undefined || (kind !== 'sweep' && kind !== 'code')) return [];
    const folder = kind === 'sweep' ? 'sweeps' : 'code';
    const entry = {
      kind,
      name,
      path: `${root}/${folder}/${projectId}/${name}`,
      bytes: Number(kib) * 1024,
    } as const;
    if (kind === 'code') return { ...entry, active: 0 };
    const [active = '0', codePath = ''] = rest;
    return { ...entry, active: Number(active), ...(codePath !== '' && { codePath }) };
  });
}
