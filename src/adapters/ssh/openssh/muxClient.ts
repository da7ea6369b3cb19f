import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { SessionRefused } from '../channelGate';

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

/** A started `ssh` with a session. */
export interface SessionProcess extends ChildProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** A session that is open. */
export interface OpenedSession {
  readonly child: SessionProcess;
  /** Whether the far side told an exit code. It tells none of a program that a signal ended. */
  hasExitCode(): boolean;
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
  const words = new SshWords(join(mux.dir, `session-${++sessions}.log`));
  const args = [...muxArgs(mux), '-vv', '-E', words.file, ...before, '--', mux.destination];
  const child = spawn(mux.program, command === undefined ? args : [...args, command], {
    env: mux.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // No terminal that ssh could ask on.
    detached: true,
  }) as SessionProcess;
  // Fires before `close`, when the words are complete.
  child.once('exit', () => {
    words.end();
  });
  return new Promise((resolve, reject) => {
    words.onDidSay = (said) => {
      if (said.includes(SESSION_OPEN)) {
        resolve({ child, hasExitCode: () => words.said.includes(EXIT_CODE) });
      }
    };
    child.once('error', (error) => {
      words.end();
      reject(error);
    });
    child.once('close', () => {
      const reason = lastWords(words.said);
      reject(REFUSED.test(words.said) ? new SessionRefused(reason) : new Error(reason));
    });
  });
}

/** `debug1: mux_client_request_session: master session id: 2` */
const SESSION_OPEN = 'master session id: ';
/** `debug2: Received exit status from master 3` */
const EXIT_CODE = 'Received exit status from master';
/** `mux_client_request_session: session request failed: Session open refused by peer` */
const REFUSED = /session request failed|Session open refused/;

/** What one ssh says of itself, from its start to its end. */
class SshWords {
  said = '';
  onDidSay: (said: string) => void = () => undefined;
  private readonly watcher;

  constructor(readonly file: string) {
    writeFileSync(file, '', { mode: 0o600 });
    this.watcher = watch(file, () => {
      this.read();
    });
  }

  end(): void {
    this.watcher.close();
    this.read();
    rmSync(this.file, { force: true });
  }

  private read(): void {
    try {
      this.said = readFileSync(this.file, 'utf8');
    } catch {
      // Removed with the directory of a connection that was let go of.
      return;
    }
    this.onDidSay(this.said);
  }
}

function lastWords(said: string): string {
  const lines = said.split(/\r?\n/).filter((line) => line !== '' && !/^(debug\d: |OpenSSH_)/.test(line));
  return lines.join(' ') || 'ssh could not use the connection';
}
