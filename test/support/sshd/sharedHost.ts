import type {
  CommandResult,
  FilePiece,
  FileRange,
  FileToWrite,
  RunOptions,
} from '../../../src/core/compute/host';
import type { HostProcess, StartOptions, StreamHost } from '../../../src/adapters/host/streamHost';
import type { SshHost } from '../../../src/adapters/ssh/sshHost';
import type { SshSession } from '../../../src/adapters/ssh/sshSession';
import { findCommand } from '../requirement';
import { openRigHost, type Reachable } from './rigHost';
import { startSshd, type SshdRig } from './sshd';

/** What messages call the shared host. */
export const SHARED_HOST = 'box';

interface Opened {
  readonly host: SshHost;
  readonly session: SshSession;
}

/** One for this process: to start an sshd for each test would take longer than the tests. */
let rig: Promise<SshdRig> | undefined;
let opened: Promise<Opened> | undefined;

/**
 * A host behind a real sshd, reached by the product's own ssh2 transport, whose files are those of this machine: a test
 * makes and reads them by their paths. The sshd is started when first needed and ends with this process; all hosts of
 * this class share one connection, which {@link closeSharedHost} ends. For a test that changes what runs there, a class
 * that extends this one puts shell text before what is started: variables of this process do not reach it.
 */
export class SharedHost implements StreamHost {
  readonly label = SHARED_HOST;

  async run(argv: readonly string[], signal: AbortSignal, options?: RunOptions): Promise<CommandResult> {
    return (await open()).host.run(argv, signal, options);
  }

  async start(argv: readonly string[], signal: AbortSignal, options?: StartOptions): Promise<HostProcess> {
    return (await open()).host.start(argv, signal, options);
  }

  async isNarrow(signal: AbortSignal): Promise<boolean> {
    return (await open()).host.isNarrow(signal);
  }

  async readFrom(path: string, offset: number, signal: AbortSignal): Promise<{ text: string; end: number }> {
    return (await open()).host.readFrom(path, offset, signal);
  }

  async readRange(path: string, range: FileRange, signal: AbortSignal): Promise<FilePiece> {
    return (await open()).host.readRange(path, range, signal);
  }

  async writeFile(path: string, content: string, signal: AbortSignal, mode?: number): Promise<void> {
    await (await open()).host.writeFile(path, content, signal, mode);
  }

  async writeFiles(files: readonly FileToWrite[], signal: AbortSignal): Promise<void> {
    await (await open()).host.writeFiles(files, signal);
  }

  async makeDirs(paths: readonly string[], signal: AbortSignal): Promise<void> {
    await (await open()).host.makeDirs(paths, signal);
  }
}

/** For a connection of a test's own to the shared host, or one of another program. */
export async function reachSharedHost(): Promise<Reachable> {
  rig ??= startRig();
  const { alias, port, user, keyFile } = await rig;
  return { alias, port, user, keyFile };
}

/** Ends the connection: an open one would keep the process alive. The next use opens another. */
export async function closeSharedHost(): Promise<void> {
  const closing = opened;
  opened = undefined;
  (await closing)?.session.dispose();
}

/** Lines that the sshd wrote last. */
export async function sharedHostLog(): Promise<string[]> {
  const text = (await rig)?.log().trimEnd() ?? '';
  return text.split(/[\r\n]+/).slice(-20);
}

async function startRig(): Promise<SshdRig> {
  // The quickest login shell; what others do to a command has tests of its own.
  const shell = findCommand('dash') === undefined ? 'bash' : 'dash';
  const started = await startSshd({ alias: SHARED_HOST, shell });
  started.unref();
  process.once('exit', () => {
    started.dispose();
  });
  return started;
}

function open(): Promise<Opened> {
  opened ??= connect();
  return opened;
}

async function connect(): Promise<Opened> {
  const forget = (): void => {
    opened = undefined;
  };
  try {
    const { host, session } = await openRigHost(await reachSharedHost());
    session.onDidLose(forget);
    return { host, session };
  } catch (error) {
    forget();
    throw error;
  }
}
