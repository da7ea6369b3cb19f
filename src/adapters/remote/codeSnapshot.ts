import { randomBytes } from 'node:crypto';
import { HsmError } from '../../core/base/errors';
import type { Logger } from '../../core/base/logger';
import type { CommandResult, RunOptions } from '../../core/compute/host';
import type { StreamHost } from '../host/streamHost';
import type { FileTransfer } from '../transfer/fileTransfer';
import type { PushTarget } from '../transfer/pushFiles';
import type { TransferProgress } from '../transfer/transfer';
import { compareCode } from './codeCheck';
import type { SealedCode } from './codeList';

export interface SnapshotRequest {
  readonly code: SealedCode;
  /** Holds the snapshots of this project on the host; made with its parents. */
  readonly codeDir: string;
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
 * a snapshot that is there is whole. When two make the same one at a time, the later one finds it there. A `mv` without
 * `-T`, which BSD's is, may then have moved its own into it.
 */
const SEAL = `cd "$1" && chmod -R a-w "$2" || exit 1
[ -d "$3" ] || mv -T "$2" "$3" 2>/dev/null || [ -d "$3" ] || mv "$2" "$3" || [ -d "$3" ] || exit 1
if [ -d "$3/$2" ]; then chmod u+w "$3" && mv "$3/$2" "$2" && chmod a-w "$3"; fi
[ ! -d "$2" ] || { find "$2" -type d -exec chmod u+w {} + ; rm -rf "$2"; }`;

/** Removes the files in $1 that are listed on the standard input. */
const REMOVE = 'cd "$1" && xargs -0 rm -f';

/**
 * Sees to it that a host has a copy of the code. One that is there is used again; else only what differs from the latest
 * one crosses the connection. Every file is compared with what was sealed here, by content, before the copy counts.
 *
 * @throws HsmError as {@link FileTransfer.push}, and `command.failed` when what arrives is not what was sent
 */
export async function bringSnapshot(
  host: StreamHost,
  request: SnapshotRequest,
  log: Logger,
  signal: AbortSignal,
): Promise<Snapshot> {
  const { codeDir, code, transfer } = request;
  const { digest } = code;
  const snapshot = { dir: `${codeDir}/${digest}`, digest };
  // What the host has for it is asked at the same time: far away each question counts.
  const [{ stdout }, canCheck] = await Promise.all([
    expectSuccess(host, LOOK, [codeDir, digest], signal),
    transfer.canCompare(signal),
  ]);
  const [state, latest] = stdout.split('\n');
  if (state === 'here') return snapshot;
  log.info(`${host.label}: copying the code, ${code.entries.length} files at most`);
  // Hidden until it is whole, and with a name of its own, so that two sweeps that start at one time are not in the way.
  const draft = `.${digest}.${randomBytes(4).toString('hex')}`;
  await fill(host, request, { dir: `${codeDir}/${draft}`, latest, canCheck }, log, signal);
  await expectSuccess(host, SEAL, [codeDir, draft, digest], signal);
  return snapshot;
}

/** A copy in the making. */
interface Draft {
  readonly dir: string;
  /** Name of the newest copy that is there. */
  readonly latest: string | undefined;
  /** The host has a tool for SHA-256. */
  readonly canCheck: boolean;
}

async function fill(
  host: StreamHost,
  request: SnapshotRequest,
  { dir, latest, canCheck }: Draft,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const { code, codeDir, transfer } = request;
  // Files of the earlier copy are taken for the same by size and time: only where that can be checked.
  const linkFrom = latest && canCheck ? { linkFrom: `${codeDir}/${latest}` } : {};
  await send(
    host,
    request,
    code.entries.map(({ path }) => path),
    { dir, isNew: true, readOnly: true, ...linkFrom },
    signal,
  );
  if (!canCheck) {
    log.warn(`${host.label} has no tool for SHA-256: the copy of the code there is not compared`);
    return;
  }
  const found = await compareCode(host, transfer, dir, code.entries, signal);
  const wrong = [...new Set([...found.content, ...found.mode])];
  if (wrong.length === 0) return;
  log.info(`${host.label}: ${wrong.length} files are sent again: ${wrong[0] ?? ''} is not what it is here`);
  const stdin = wrong.map((path) => `./${path}\0`).join('');
  await expectSuccess(host, REMOVE, [dir], signal, { stdin });
  await send(host, request, wrong, { dir, readOnly: true }, signal);
  const [first] = (await compareCode(host, transfer, dir, code.entries, signal)).content;
  if (first === undefined) return;
  const message = `The copy of the code on ${host.label} is not what was sent: ${first} differs. Nothing was started there.`;
  throw new HsmError('command.failed', message, { argv: [], exitCode: undefined, stderr: '' });
}

async function send(
  host: StreamHost,
  { code, transfer, onProgress }: SnapshotRequest,
  files: readonly string[],
  target: PushTarget,
  signal: AbortSignal,
): Promise<void> {
  const run = { signal, ...(onProgress && { onProgress }) };
  const { skipped } = await transfer.push(code.dir, files, target, run);
  const [missing] = skipped;
  if (!missing) return;
  const message = `The code could not be copied to ${host.label}: ${missing.path} ${missing.detail}.`;
  throw new HsmError('input.invalid', message, {
    hint: 'Exclude it by `sync.exclude` in .hsm/config.yaml.',
  });
}

async function expectSuccess(
  host: StreamHost,
  script: string,
  words: readonly string[],
  signal: AbortSignal,
  options: RunOptions = {},
): Promise<CommandResult> {
  const argv = ['sh', '-c', script, 'sh', ...words];
  const result = await host.run(argv, signal, options);
  if (result.exitCode === 0) return result;
  const { exitCode, stderr } = result;
  throw new HsmError('command.failed', `The code could not be copied to ${host.label}: ${stderr.trim()}`, {
    argv,
    exitCode,
    stderr,
  });
}
