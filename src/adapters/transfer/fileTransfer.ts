import type { Logger } from '../../core/base/logger';
import type { StreamHost } from '../host/streamHost';
import type { Difference, Selection, TransferResult, TransferRun } from './transfer';

export interface FileTransferOptions {
  readonly log: Logger;
  /** Default: rsync where both ends have one that fits, else tar. */
  readonly method?: 'rsync' | 'tar';
}

/** Where files go to on the host. */
export interface PushTarget {
  /** Absolute; made with its parents. */
  readonly dir: string;
  /** An earlier copy there: files that are the same in it (by size and time of change) become hard links to it. */
  readonly linkFrom?: string;
}

/**
 * Moves trees of files between this machine and a host, over the connection that the host has.
 *
 * Symbolic links, devices and pipes of the host are never followed nor created here; nothing is ever written outside
 * the directory that was named.
 */
export class FileTransfer {
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
  pull(remoteDir: string, localDir: string, wanted: Selection, run: TransferRun): Promise<TransferResult> {
    void [this.host, this.options, remoteDir, localDir, wanted, run];
    return Promise.reject(new Error('not written yet'));
  }

  /**
   * Sends files of this machine. Directories among them are made; symbolic links stay links, and may be executable as
   * they are here. Nothing there is removed.
   *
   * @param files - relative to `localDir`
   * @throws HsmError as {@link pull}; `input.invalid` for a path that leads out of `localDir`
   */
  push(
    localDir: string,
    files: readonly string[],
    target: PushTarget,
    run: TransferRun,
  ): Promise<TransferResult> {
    void [localDir, files, target, run];
    return Promise.reject(new Error('not written yet'));
  }

  /**
   * Compares files on both sides by size and SHA-256, in one round trip, and sees to it that they are on this machine's
   * disk. Empty: all are the same. Ask it before anything is removed there.
   *
   * @throws HsmError `source.unavailable` when the host has no tool for SHA-256
   */
  verify(
    remoteDir: string,
    localDir: string,
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<Difference[]> {
    void [remoteDir, localDir, files, signal];
    return Promise.reject(new Error('not written yet'));
  }
}
