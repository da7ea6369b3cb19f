import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { existsSync } from 'node:fs';
import { DisposableStore, toDisposable } from '../../../core/base/lifecycle';
import { onAbort } from '../onAbort';
import type { SshTarget } from '../sshTarget';
import type { MuxClient } from './muxClient';

/** The process that holds a connection. */
export type MasterProcess = ChildProcessByStdio<Writable, null, Readable>;

const ALIVE_SEC = 15;
const ALIVE_COUNT = 3;

/**
 * Ends ssh with its own input, hence also when the process that started it dies, however it dies; and removes the
 * directory of the connection, which nobody else may be left to do.
 */
const UNTIL_INPUT_ENDS = `dir=$1; shift
exec 3<&0
"$@" </dev/null 3<&- & ssh=$!
{ read -r _ <&3; kill "$ssh"; } 2>/dev/null & guard=$!
trap 'kill "$ssh"' TERM INT HUP
wait "$ssh"; status=$?
kill "$guard" 2>/dev/null
rm -rf -- "$dir"
exit "$status"`;

/** The command that makes a connection and listens at `socket`, whatever else the user's configuration wants done. */
export function masterArgs(target: SshTarget, socket: string): string[] {
  const options = {
    ControlMaster: 'yes',
    ControlPersist: 'no',
    // The one process is not to go to the background, nor to do anything but hold the connection.
    RemoteCommand: 'none',
    PermitLocalCommand: 'no',
    ClearAllForwardings: 'yes',
    ForwardAgent: 'no',
    ForwardX11: 'no',
    // `no` would take keys unasked.
    StrictHostKeyChecking: target.knownHosts.policy,
    BatchMode: 'no',
    NumberOfPasswordPrompts: '1',
    ConnectTimeout: String(Math.ceil(target.connectTimeoutMs / 1000)),
    ServerAliveInterval: String(target.aliveIntervalMs > 0 ? target.aliveIntervalMs / 1000 : ALIVE_SEC),
    ServerAliveCountMax: String(ALIVE_COUNT),
    LogLevel: 'ERROR',
  };
  const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return ['-N', '-T', '-S', socket, ...words, '--', target.alias];
}

/** @param mux - its directory goes with the process */
export function startMaster(
  { program, dir, env }: Pick<MuxClient, 'program' | 'dir' | 'env'>,
  args: readonly string[],
): MasterProcess {
  return spawn('/bin/sh', ['-c', UNTIL_INPUT_ENDS, 'sh', dir, program, ...args], {
    env,
    stdio: ['pipe', 'ignore', 'pipe'],
    // No terminal that ssh could ask on.
    detached: true,
  });
}

const LOOK_EVERY_MS = 20;
/** Servers that look users up in a slow directory take their time. */
const LOGIN_TIMEOUT_MS = 90_000;

export interface LoginWatch {
  readonly socket: string;
  /** The user is asked something: no deadline counts then. */
  readonly isWaiting: () => boolean;
}

/**
 * Resolves when the connection stands: ssh makes its socket after it has logged in. Rejects with what ssh printed when
 * it ends before.
 */
export function untilListening(
  master: MasterProcess,
  { socket, isWaiting }: LoginWatch,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    let leftMs = LOGIN_TIMEOUT_MS;
    const watch = new DisposableStore();
    const timer = setInterval(() => {
      if (existsSync(socket)) settle(resolve);
      else if (leftMs <= 0) fail(new Error('the server did not answer in time'));
      else if (!isWaiting()) leftMs -= LOOK_EVERY_MS;
    }, LOOK_EVERY_MS);
    const ended = (): void => {
      fail(new Error(said));
    };
    const settle = (outcome: () => void): void => {
      watch.dispose();
      outcome();
    };
    const fail = (reason: Error): void => {
      settle(() => {
        reject(reason);
      });
    };
    master.stderr.setEncoding('utf8');
    master.stderr.on('data', (text: string) => {
      said += text;
    });
    master.once('error', fail);
    master.once('close', ended);
    watch.add(
      toDisposable(() => {
        clearInterval(timer);
        master.off('close', ended);
      }),
    );
    watch.add(onAbort(signal, fail));
  });
}
