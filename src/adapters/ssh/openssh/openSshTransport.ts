import type { Clock } from '../../../core/base/clock';
import { errorText, HsmError } from '../../../core/base/errors';
import { Emitter } from '../../../core/base/event';
import { DisposableStore, toDisposable } from '../../../core/base/lifecycle';
import type { Logger } from '../../../core/base/logger';
import type { ConnectionPrompts, SecretStore } from '../../../core/compute/connectionPrompts';
import type { InteractiveShell, ShellOptions } from '../../../core/compute/hostConnections';
import { AuthPrompter } from '../auth/authPrompter';
import { isPasswordKey } from '../auth/secretKeys';
import { ChannelGate, SessionRefused } from '../channelGate';
import { isAlias } from '../config/jump';
import type { SshTarget } from '../sshTarget';
import type { SshChannel, SshTransport } from '../sshTransport';
import { Askpass } from './askpass';
import { masterArgs, startMaster, untilListening, type MasterProcess } from './masterProcess';
import { muxArgs, openSession, type MuxClient, type OpenedSession } from './muxClient';
import { toOpenSshFailure } from './openSshFailure';
import { openShellOver } from './openSshShell';
import { makePrivateDir } from './privateDir';
import { toProcessChannel } from './processChannel';
import { askSsh, findSsh } from './sshProgram';
import { findUsersMaster } from './usersMaster';

export interface OpenSshOptions {
  readonly target: SshTarget;
  /** Undefined: the user may not be asked. */
  readonly prompts: ConnectionPrompts | undefined;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Variables for ssh besides this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Instead of `~/.ssh/config`. */
  readonly configFile?: string;
}

const USERS_MASTER_CHECK_MS = 15_000;

/**
 * Connects by the system's `ssh`, which does whatever the user's configuration says. A connection that the user has
 * open already (`ControlPath`) is used; else one is made, which ends with this process.
 *
 * @throws HsmError `host.refused` or `host.unreachable`
 */
export async function connectOpenSsh(
  options: OpenSshOptions,
  signal: AbortSignal,
): Promise<OpenSshTransport> {
  const { target, log } = options;
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  const program = findSsh(env);
  if (program === undefined) throw noProgram(target.alias);
  if (!isAlias(target.alias)) throw new Error('an alias that nobody has checked');
  const life = new DisposableStore();
  try {
    const { path: dir } = life.add(makePrivateDir());
    const config = options.configFile === undefined ? [] : ['-F', options.configFile];
    const common = { program, destination: target.alias, env, dir };
    const users = await findUsersMaster(program, config, target.alias, env);
    if (users !== undefined) {
      log.info(`${target.alias}: the connection of your own ssh is used (${users})`);
      return new OpenSshTransport({ ...common, socket: users }, options, life, undefined);
    }
    const mux = { ...common, socket: `${dir}/control` };
    const master = await logIn(mux, [...config, ...masterArgs(target, mux.socket)], options, signal);
    return new OpenSshTransport(mux, options, life, master);
  } catch (error) {
    life.dispose();
    throw error;
  }
}

/** Makes the connection. @returns the process that holds it */
async function logIn(
  mux: MuxClient,
  args: readonly string[],
  { target, prompts, secrets, log }: OpenSshOptions,
  signal: AbortSignal,
): Promise<MasterProcess> {
  const prompter = new AuthPrompter(target.alias, prompts, secrets, signal);
  const askpass = await Askpass.start({ target, dir: mux.dir, prompter, prompts, log, signal });
  log.debug(`this machine: ${mux.program} ${args.join(' ')}`);
  const master = startMaster({ ...mux, env: { ...mux.env, ...askpass.env } }, args);
  try {
    await untilListening(master, { socket: mux.socket, isWaiting: () => prompter.isWaiting }, signal);
    await askpass.keepSecrets();
    return master;
  } catch (error) {
    master.stdin.destroy();
    signal.throwIfAborted();
    if (askpass.refusal) throw askpass.refusal;
    const kept = askpass.usedSecrets.some(isPasswordKey) ? 'The password that was kept' : undefined;
    const failure = toOpenSshFailure(target.alias, errorText(error), prompter.answered ?? kept);
    if (failure.code === 'host.unreachable' && prompter.usedInteraction) {
      // Trying again by itself would ask again.
      throw new HsmError('host.refused', failure.message, { host: target.alias, hint: 'Try again.' });
    }
    throw failure.code === 'host.refused' ? await forget(askpass.usedSecrets, secrets, failure) : failure;
  } finally {
    askpass.dispose();
  }
}

/** Whatever was kept and did not let us in is asked for the next time. */
async function forget(keys: readonly string[], secrets: SecretStore, failure: HsmError): Promise<HsmError> {
  if (keys.length === 0) return failure;
  for (const key of keys) await secrets.delete(key);
  return new HsmError(failure.code, `${failure.message} What was kept is forgotten now.`, failure.details);
}

/** A connection of the system's `ssh`: each channel is a process that reaches it by a socket. */
export class OpenSshTransport implements SshTransport {
  readonly kind = 'openssh';
  private readonly losing = new Emitter<string>();
  readonly onDidLose = this.losing.event;
  readonly onDidCrowd;
  private readonly gate: ChannelGate;
  /** Why it is gone. */
  private end: string | undefined;

  constructor(
    private readonly mux: MuxClient,
    private readonly options: OpenSshOptions,
    private readonly life: DisposableStore,
    master: MasterProcess | undefined,
  ) {
    this.gate = new ChannelGate(options.clock);
    this.onDidCrowd = this.gate.onDidCrowd;
    if (master) this.hold(master);
    else this.watchUsersMaster();
  }

  get maxSessions(): number {
    return this.gate.maxSessions;
  }

  exec(commandLine: string, signal: AbortSignal, isLasting = false): Promise<SshChannel> {
    return this.open(['-T'], commandLine, signal, isLasting);
  }

  async shell(options: ShellOptions, signal: AbortSignal): Promise<InteractiveShell> {
    const shell = await openShellOver(
      {
        openTerminal: (commandLine) => this.open(['-tt', '-e', 'none'], commandLine, signal, false),
        exec: (commandLine) => this.exec(commandLine, AbortSignal.timeout(RESIZE_TIMEOUT_MS)),
        log: this.options.log,
      },
      options,
    );
    if (signal.aborted) shell.dispose();
    signal.throwIfAborted();
    return shell;
  }

  dispose(): void {
    this.end ??= 'it was closed here';
    this.life.dispose();
  }

  private async open(
    before: readonly string[],
    command: string,
    signal: AbortSignal,
    isLasting: boolean,
  ): Promise<SshChannel> {
    const { session, place } = await this.gate
      .open(() => this.attempt(before, command), signal, isLasting)
      .catch((error: unknown) => {
        signal.throwIfAborted();
        throw error instanceof SessionRefused ? this.gone(error) : error;
      });
    const channel = toProcessChannel(session, () => this.whyLost());
    void channel.ended.then(() => {
      place.dispose();
    });
    // Also to a caller who has given up: what runs there may have begun, and only the caller can end it.
    return channel;
  }

  private async attempt(before: readonly string[], command: string): Promise<OpenedSession> {
    if (this.end !== undefined) throw this.gone(new Error(this.end));
    try {
      return await openSession(this.mux, before, command);
    } catch (error) {
      if (error instanceof SessionRefused) throw error;
      await this.whyLost();
      throw this.gone(error);
    }
  }

  /** Its end is the connection's. */
  private hold(master: MasterProcess): void {
    let said = '';
    master.stderr.on('data', (text: string) => {
      said = (said + text).slice(-1000);
    });
    master.once('close', () => {
      this.lose(said.trim() || 'ssh ended');
    });
    this.life.add(
      toDisposable(() => {
        master.stdin.destroy();
      }),
    );
  }

  /** Nothing tells of its end. */
  private watchUsersMaster(): void {
    let timer = this.options.clock.after(USERS_MASTER_CHECK_MS, () => void look());
    const look = async (): Promise<void> => {
      if ((await this.whyLost()) !== undefined || this.end !== undefined) return;
      timer = this.options.clock.after(USERS_MASTER_CHECK_MS, () => void look());
    };
    this.life.add(
      toDisposable(() => {
        timer.dispose();
      }),
    );
  }

  private async whyLost(): Promise<string | undefined> {
    if (this.end !== undefined) return this.end;
    const { program, destination, env } = this.mux;
    const args = [...muxArgs(this.mux), '-O', 'check', '--', destination];
    const { exitCode } = await askSsh(program, args, env);
    if (exitCode !== 0) this.lose('the connection of ssh is gone');
    return this.end;
  }

  private lose(reason: string): void {
    if (this.end !== undefined) return;
    this.end = reason;
    this.life.dispose();
    this.losing.fire(reason);
  }

  private gone(cause: unknown): HsmError {
    const { alias } = this.options.target;
    const reason = this.end ?? errorText(cause);
    const message = `The connection to ${alias} cannot be used: ${reason}.`;
    return new HsmError('host.unreachable', message, { host: alias }, { cause });
  }
}

const RESIZE_TIMEOUT_MS = 10_000;

function noProgram(host: string): HsmError<'host.refused'> {
  const isWindows = process.platform === 'win32';
  const message = isWindows
    ? `${host} would have to be reached by the system's ssh, and that of Windows cannot share a connection.`
    : `${host} would have to be reached by the system's ssh, and there is none.`;
  const hint = isWindows ? 'Use it from WSL, or set `transport: ssh2`.' : 'Install OpenSSH (openssh-client).';
  return new HsmError('host.refused', message, { host, hint });
}
