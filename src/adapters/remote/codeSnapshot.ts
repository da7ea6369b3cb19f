import { randomBytes } from 'node:crypto';
import { HsmError } from '../../core/base/errors';
import type { Logger } from '../../core/base/logger';
import type { CommandResult } from '../../core/compute/host';
import type { StreamHost } from '../host/streamHost';
import type { FileTransfer } from '../transfer/fileTransfer';
import type { TransferProgress } from '../transfer/transfer';
import { readProjectFiles } from './projectFileSet';

export interface SnapshotRequest {
  /** On this machine. */
  readonly projectDir: string;
  /** Holds the snapshots of this project on the host; made with its parents. */
  readonly codeDir: string;
  /** Left out, as patterns of a `.gitignore`. */
  readonly exclude: readonly string[];
  readonly transfer: FileTransfer;
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** An immutable copy of a project's code on a host. */
export interface Snapshot {
  /** Absolute there. */
  readonly dir: string;
  /** Names its content; also the last part of `dir`. */
  readonly digest: string;
}

/** Prints whether snapshot $2 is in $1, and the name of the latest one. */
const LOOK =
  'mkdir -p -- "$1" && cd "$1" || exit 1; [ -d "$2" ] && echo here || echo none; ls -t | head -n 1';

/**
 * Makes a copy that is all there, $2, the snapshot $3, which nobody may change from then on. It appears by its name, so
 * a snapshot that is there is whole.
 */
const SEAL =
  'cd "$1" || exit 1; if [ -d "$3" ]; then find "$2" -type d -exec chmod u+w {} +; rm -rf "$2"; else chmod -R a-w "$2" && mv "$2" "$3"; fi';

/**
 * Sees to it that a host has a copy of the project as it is now. A copy with the same content is used again; else only
 * what differs from the latest one crosses the connection.
 *
 * @throws HsmError as {@link FileTransfer.push}, and `input.invalid` when there is nothing to copy
 */
export async function bringSnapshot(
  host: StreamHost,
  request: SnapshotRequest,
  log: Logger,
  signal: AbortSignal,
): Promise<Snapshot> {
  const { projectDir, codeDir, exclude, transfer, onProgress } = request;
  const { files, bytes, digest } = await readProjectFiles(projectDir, exclude, signal);
  const snapshot = { dir: `${codeDir}/${digest}`, digest };
  const [state, latest] = (await expectSuccess(host, LOOK, [codeDir, digest], signal)).stdout.split('\n');
  if (state === 'here') return snapshot;
  log.info(`${host.label}: copying the code, ${files.length} files, ${bytes} bytes at most`);
  // Hidden until it is whole, and with a name of its own, so that two sweeps that start at one time are not in the way.
  const draft = `.${digest}.${randomBytes(4).toString('hex')}`;
  const target = {
    dir: `${codeDir}/${draft}`,
    readOnly: true,
    ...(latest ? { linkFrom: `${codeDir}/${latest}` } : {}),
  };
  const sent = await transfer.push(projectDir, files, target, {
    signal,
    ...(onProgress && { onProgress }),
  });
  const [missing] = sent.skipped;
  if (missing) {
    const message = `The code could not be copied to ${host.label}: ${missing.path} ${missing.detail}.`;
    throw new HsmError('input.invalid', message, {
      hint: 'Exclude it by `sync.exclude` in .hsm/config.yaml.',
    });
  }
  await expectSuccess(host, SEAL, [codeDir, draft, digest], signal);
  return snapshot;
}

async function expectSuccess(
  host: StreamHost,
  script: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<CommandResult> {
  const argv = ['sh', '-c', script, 'sh', ...words];
  const result = await host.run(argv, signal);
  if (result.exitCode === 0) return result;
  const { exitCode, stderr } = result;
  throw new HsmError('command.failed', `The code could not be copied to ${host.label}: ${stderr.trim()}`, {
    argv,
    exitCode,
    stderr,
  });
}
