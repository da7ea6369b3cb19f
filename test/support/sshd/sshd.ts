import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, Socket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disposable } from '../../../src/core/base/lifecycle';
import { findCommand } from '../requirement';
import { killIfThere } from '../runnerRig';
import { waitUntil } from '../waitUntil';
import { accountEnv, makeAccount, type LoginShell } from './account';
import { processesAtPort, processesOfHome } from './hostProcesses';

export interface SshdOptions {
  /** What the client calls it; default: `host1`, `host2`, … */
  readonly alias?: string;
  readonly user?: string;
  readonly shell?: LoginShell;
  readonly rc?: string;
  readonly path?: readonly string[];
  /** Variables of every session. */
  readonly env?: Readonly<Record<string, string>>;
  readonly maxSessions?: number;
  readonly maxStartups?: string;
  /** Where the rig's directory is made; default: the system's place for temporary files. */
  readonly parentDir?: string;
  /** Lines of sshd_config. They come first, and sshd heeds the first line of a kind. */
  readonly extraConfig?: string;
}

let made = 0;

/**
 * A host of its own for one test: a real sshd on a free port of 127.0.0.1, with an account of its own that has its
 * own home. Log in with {@link keyFile}, or with `password` from account.ts where `extraConfig` has
 * `PasswordAuthentication yes`. Leaves nothing behind: neither sshd, nor what was started through it, nor files.
 */
export async function startSshd(options: SshdOptions = {}): Promise<SshdRig> {
  const rig = new SshdRig(options);
  try {
    await rig.start();
  } catch (error) {
    const log = rig.log();
    rig.dispose();
    throw new Error(`sshd does not start. Its log:\n${log}`, { cause: error });
  }
  return rig;
}

export class SshdRig implements Disposable {
  readonly alias: string;
  readonly user: string;
  /** Everything of the rig; the home is in it. Short and plain, because sshd and shells read the path in their ways. */
  readonly dir: string;
  readonly home: string;
  /** A private key that the host accepts; its public half lies beside it. */
  readonly keyFile: string;
  port = 0;
  private daemon: ChildProcess | undefined;

  constructor(private readonly options: SshdOptions) {
    made += 1;
    this.alias = options.alias ?? `host${made}`;
    this.user = options.user ?? 'dana';
    this.dir = mkdtempSync(join(options.parentDir ?? tmpdir(), 'hsm-sshd-'));
    const account = makeAccount(this.dir, { shell: 'bash', ...options, user: this.user });
    this.home = account.home;
    this.keyFile = makeKey(join(this.dir, 'client_key'));
    makeKey(this.hostKeyFile);
    copyFileSync(`${this.keyFile}.pub`, this.file('authorized_keys'));
    this.env = { PATH: account.path, ...options.env };
  }

  private readonly env: Readonly<Record<string, string>>;

  get hostKeyFile(): string {
    return this.file('host_key');
  }

  /** The public host key as known_hosts has it: `ssh-ed25519 AAAA…`. */
  get hostKey(): string {
    return readFileSync(`${this.hostKeyFile}.pub`, 'utf8').split(' ').slice(0, 2).join(' ').trim();
  }

  /** What sshd said, from its first start on. */
  log(): string {
    try {
      return readFileSync(this.file('log'), 'utf8');
    } catch {
      return '';
    }
  }

  /** Starts sshd, on the port it had before if it had one. */
  async start(): Promise<void> {
    // Somebody else may take the port between its choice and its use.
    for (let attempt = 1; ; attempt += 1) {
      const chosen = this.port === 0;
      if (chosen) this.port = await findFreePort();
      try {
        await this.startAtPort();
        return;
      } catch (error) {
        await this.stop();
        if (attempt === 5) throw error;
        if (chosen) this.port = 0;
      }
    }
  }

  /** Lets this process end while the daemon runs, which then ends, too. */
  unref(): void {
    this.daemon?.unref();
    const input = this.daemon?.stdin;
    if (input instanceof Socket) input.unref();
  }

  /** Ends the daemon: nobody can connect. Sessions go on, as they do when a system restarts its sshd. */
  async stop(): Promise<void> {
    const daemon = this.daemon;
    if (daemon === undefined) return;
    this.daemon = undefined;
    const exited = hasExited(daemon) ? undefined : once(daemon, 'exit');
    daemon.stdin?.end();
    await exited;
  }

  /** Another daemon at the same port. Sessions go on. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Kills sshd's processes of all connections: every client sees its connection close. What they started goes on. */
  killSessions(): void {
    for (const pid of processesAtPort(this.port)) if (pid !== process.pid) killIfThere(pid);
  }

  /** As when the machine loses its power and comes back: nothing that ran there runs any more. */
  async reboot(): Promise<void> {
    await this.stop();
    await this.endEverything();
    await this.start();
  }

  /** What runs there on behalf of the user, with or without a session. */
  processes(): number[] {
    return processesOfHome(this.home);
  }

  dispose(): void {
    const daemon = this.daemon;
    this.daemon = undefined;
    daemon?.stdin?.end();
    this.killSessions();
    for (const pid of this.processes()) killIfThere(pid);
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  private async endEverything(): Promise<void> {
    await waitUntil('nothing runs on the host', () => {
      this.killSessions();
      const left = this.processes();
      for (const pid of left) killIfThere(pid);
      return left.length === 0;
    });
  }

  private async startAtPort(): Promise<void> {
    writeFileSync(this.file('sshd_config'), this.serverConfig());
    // The package's start script makes it at boot; in a container nobody boots.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const sshd = [sshdProgram(), '-D', '-f', this.file('sshd_config'), '-E', this.file('log')];
    const daemon = spawn('/bin/sh', ['-c', untilInputEnds, 'sh', ...sshd], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: { PATH: '/usr/sbin:/usr/bin:/bin', ...accountEnv(this.dir) },
    });
    this.daemon = daemon;
    await waitUntil(`sshd answers at port ${this.port}`, async () => {
      if (hasExited(daemon)) throw new Error('sshd ended at once');
      return greets(this.port);
    });
    if (hasExited(daemon)) throw new Error('another process answers at the port');
  }

  private serverConfig(): string {
    const { maxSessions, maxStartups, extraConfig } = this.options;
    const variables = Object.entries(this.env).map(([name, value]) => `"${name}=${value}"`);
    return [
      extraConfig ?? '',
      `ListenAddress 127.0.0.1:${this.port}`,
      `HostKey ${this.hostKeyFile}`,
      `AuthorizedKeysFile ${this.file('authorized_keys')}`,
      `SetEnv ${variables.join(' ')}`,
      `PidFile none`,
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PrintMotd no',
      'PrintLastLog no',
      'Subsystem sftp internal-sftp',
      'LogLevel VERBOSE',
      // sshd 9.8 and later turn away, for a while, who failed to log in a few times.
      ...(sshVersion() >= 9.8 ? ['PerSourcePenalties no'] : []),
      ...(maxSessions === undefined ? [] : [`MaxSessions ${maxSessions}`]),
      ...(maxStartups === undefined ? [] : [`MaxStartups ${maxStartups}`]),
      '',
    ].join('\n');
  }

  private file(name: string): string {
    return join(this.dir, name);
  }
}

/** Ends the program when its own input ends, hence also when the test's process dies, however it dies. */
const untilInputEnds = `exec 3<&0
"$@" </dev/null & daemon=$!
{ unset LD_PRELOAD; read -r _ <&3; kill "$daemon"; } 2>/dev/null & guard=$!
wait "$daemon"; kill "$guard" 2>/dev/null`;

function makeKey(file: string): string {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', file]);
  return file;
}

/** sshd insists on being called by its full path. */
function sshdProgram(): string {
  return findCommand('sshd') ?? '/usr/sbin/sshd';
}

function sshVersion(): number {
  return Number(/OpenSSH_(\d+\.\d+)/.exec(spawnSync('ssh', ['-V'], { encoding: 'utf8' }).stderr)?.[1] ?? 0);
}

/** A port that nobody listens at just now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    const answer = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(2000, () => {
      answer(false);
    });
    socket.once('data', (data) => {
      answer(data.toString('latin1').startsWith('SSH-'));
    });
    socket.once('error', () => {
      answer(false);
    });
    socket.once('close', () => {
      answer(false);
    });
  });
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
