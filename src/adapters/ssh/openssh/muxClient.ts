import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, type Duplex, type Readable } from 'node:stream';
import { SessionRefused } from '../channelGate';
import { ProcessStream, type SessionProcess } from './processStream';

/** How sessions are opened on a connection that stands. */
export interface MuxClient {
  readonly program: string;
  /** The control socket. */
  readonly socket: string;
  /** What ssh calls the host. */
  readonly destination: string;
  readonly env: NodeJS.ProcessEnv;
  /** Takes what ssh says of itself. */
  readonly dir: string;
}

/** A session that is open. */
export interface OpenedSession {
  readonly io: Duplex;
  readonly stderr: Readable;
  /** The end of ssh, when its output was read: its exit code, null when a signal ended it. */
  readonly closed: Promise<number | null>;
  /** Whether the far side told an exit code. It tells none of a program that a signal ended. */
  hasExitCode(): boolean;
  /** Ends ssh; the process of the connection closes the session then. */
  close(): void;
}

/** The arguments of every call: the socket, no configuration, and no connection of its own should the socket be gone. */
export function muxArgs({ socket }: Pick<MuxClient, 'socket'>): string[] {
  return ['-F', '/dev/null', '-S', socket, '-o', 'ControlMaster=no', '-o', 'ProxyCommand=false'];
}

let sessions = 0;

/**
 * Opens a session. ssh's own words go to a file: so they do not mix with the program's, and tell whether there is a
 * session and how it ended. (ssh closes every descriptor but the first three, so a pipe would not do.)
 *
 * @param before - arguments before the host
 * @param command - what to run; undefined: the login shell
 * @throws SessionRefused when the server has no room for one more
 * @throws Error with ssh's words when the connection is gone
 */
export function openSession(
  mux: MuxClient,
  before: readonly string[],
  command: string | undefined,
): Promise<OpenedSession> {
  return new Promise((resolve, reject) => {
    const settleWhenOpen = (said: string): boolean => {
      const isOpen = said.includes(SESSION_OPEN);
      if (isOpen) resolve(session);
      return isOpen;
    };
    const words = new SshWords(join(mux.dir, `session-${++sessions}.log`), settleWhenOpen);
    const child = startSession(mux, [...before, '-E', words.file], command);
    const session: OpenedSession = {
      // Made at once: when a process ends Node throws away what nobody listens for.
      io: new ProcessStream(child),
      stderr: child.stderr.pipe(new PassThrough()),
      closed: new Promise((close) => child.once('close', close)),
      hasExitCode: () => words.said.includes(EXIT_CODE),
      close: () => {
        child.kill();
      },
    };
    child.once('exit', () => {
      words.end();
      if (settleWhenOpen(words.said)) return;
      const reason = lastWords(words.said);
      reject(REFUSED.test(words.said) ? new SessionRefused(reason) : new Error(reason));
    });
    child.once('error', (error) => {
      words.end();
      reject(error);
    });
  });
}

function startSession(
  mux: MuxClient,
  before: readonly string[],
  command: string | undefined,
): SessionProcess {
  const args = [...muxArgs(mux), '-vv', ...before, '--', mux.destination];
  return spawn(mux.program, command === undefined ? args : [...args, command], {
    env: mux.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // No terminal that ssh could ask on.
    detached: true,
  });
}

/** `debug1: mux_client_request_session: master session id: 2` */
const SESSION_OPEN = 'master session id: ';
/** `debug2: Received exit status from master 3` */
const EXIT_CODE = 'Received exit status from master';
/** `mux_client_request_session: session request failed: Session open refused by peer` */
const REFUSED = /session request failed|Session open refused/;

const LOOK_EVERY_MS = 5;

/** What one ssh says of itself, from its start to its end. */
class SshWords {
  said = '';
  private readonly timer: NodeJS.Timeout;

  /** Looks again and again: the watchers that a system allows may all be taken by the editor. */
  constructor(
    readonly file: string,
    isHeard: (said: string) => boolean,
  ) {
    writeFileSync(file, '', { mode: 0o600 });
    this.timer = setInterval(() => {
      this.read();
      if (isHeard(this.said)) clearInterval(this.timer);
    }, LOOK_EVERY_MS);
  }

  end(): void {
    clearInterval(this.timer);
    this.read();
    rmSync(this.file, { force: true });
  }

  private read(): void {
    try {
      this.said = readFileSync(this.file, 'utf8');
    } catch {
      // Removed with the directory of a connection that was let go of.
    }
  }
}

function lastWords(said: string): string {
  const lines = said.split(/\r?\n/).filter((line) => line !== '' && !/^(debug\d: |OpenSSH_)/.test(line));
  return lines.join(' ') || 'ssh could not use the connection';
}
