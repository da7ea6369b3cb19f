import type { Logger } from '../../core/base/logger';
import type { StreamHost } from '../host/streamHost';
import { pullCompared } from './comparedPull';
import type { FileSum } from './fileSum';
import { pullFiles } from './pullFiles';
import { pushFiles, type PushTarget } from './pushFiles';
import type {
  Difference,
  ComparedPull,
  PullResult,
  Selection,
  TransferMethod,
  TransferResult,
  TransferRun,
} from './transfer';
import type { TransferMeans } from './transferMeans';
import { findLocalRsync, findTools, isFit, type TransferTools } from './transferTools';
import { findDifferences, sumThere } from './verification';

export interface FileTransferOptions {
  readonly log: Logger;
  /** Default: tar, and rsync for what it does better, where both can be had; else the one there is. */
  readonly method?: TransferMethod;
}

/**
 * Moves trees of files between this machine and a host, over the connection that the host has.
 *
 * Symbolic links, devices and pipes of the host are never followed, nor created here but for links that are wanted
 * (`keepLinks`); nothing is ever written outside the directory that was named.
 */
export class FileTransfer {
  private known: TransferTools | undefined;
  private isFitHere: boolean | undefined;

  constructor(
    private readonly host: StreamHost,
    private readonly options: FileTransferOptions,
  ) {}

  /**
   * Brings files of the host here. A directory that is not there has no files. A file appears under its name when all
   * of it is here; what an interrupted pull brought is used by the next one into the same directory.
   *
   * @throws HsmError `host.unreachable` when the connection goes; `disk.unwritable` when there is no room here;
   *   `command.failed` when the host's tool fails, or sends what it should not
   */
  async pull(remoteDir: string, localDir: string, wanted: Selection, run: TransferRun): Promise<PullResult> {
    return pullFiles({ ...(await this.means(run.signal)), remoteDir, localDir, wanted, run });
  }

  /**
   * As {@link pull}, and then {@link verify} of all that is wanted, in about the time of the pull alone: the host reads
   * for its sums what it reads for the transfer, and what comes is hashed as it passes.
   */
  async pullCompared(
    remoteDir: string,
    localDir: string,
    wanted: Selection,
    run: TransferRun,
  ): Promise<ComparedPull> {
    return pullCompared({ ...(await this.means(run.signal)), remoteDir, localDir, wanted, run });
  }

  /**
   * Sends files of this machine. Directories among them are made; symbolic links stay links, and what may be executed
   * here may be executed there. Nothing there is removed.
   *
   * @param files - relative to `localDir`
   * @throws HsmError as {@link pull}; `input.invalid` for a path that leads out of `localDir`
   */
  async push(
    localDir: string,
    files: readonly string[],
    target: PushTarget,
    run: TransferRun,
  ): Promise<TransferResult> {
    return pushFiles({ ...(await this.means(run.signal)), localDir, files, target, run });
  }

  /**
   * Compares files on both sides by size and SHA-256, in one round trip, and sees to it that they are on this machine's
   * disk. Empty: all are the same. Ask it before anything is removed there.
   *
   * @throws HsmError `source.unavailable` when the host has no tool for SHA-256
   */
  async verify(
    remoteDir: string,
    localDir: string,
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<Difference[]> {
    const { tools } = await this.means(signal);
    return findDifferences(this.host, tools, { remoteDir, localDir }, files, signal);
  }

  /** Whether the host has a tool for SHA-256, which {@link verify} and {@link sums} need. */
  async canCompare(signal: AbortSignal): Promise<boolean> {
    return (await this.means(signal)).tools.sha256 !== undefined;
  }

  /**
   * What stands in small files of the host, in one round trip. A file that is not there, or is none, is missing from it.
   *
   * @throws HsmError `source.unavailable` when the host has no tool for SHA-256
   */
  async sums(
    remoteDir: string,
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, FileSum>> {
    if (files.length === 0) return new Map();
    const { tools } = await this.means(signal);
    return sumThere(this.host, tools, remoteDir, files, signal, true);
  }

  private async means(signal: AbortSignal): Promise<TransferMeans> {
    // Not one question for all callers: the one that asked may be aborted while another waits for the answer.
    this.known ??= await findTools(this.host, signal);
    this.isFitHere ??= isFit(await findLocalRsync());
    const { rsync, tar } = this.known;
    const common = isFit(rsync) && this.isFitHere ? (tar === undefined ? 'rsync' : 'both') : 'tar';
    const method = this.options.method ?? common;
    return { host: this.host, tools: this.known, method, log: this.options.log };
  }
}
