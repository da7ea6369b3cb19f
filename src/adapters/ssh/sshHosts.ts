import { Emitter } from '../../core/base/event';
import type { Logger } from '../../core/base/logger';
import type { ConnectionPrompts, SecretStore } from '../../core/compute/connectionPrompts';
import type {
  ConfiguredHost,
  HostConnections,
  HostSummary,
  InteractiveShell,
  ShellOptions,
} from '../../core/compute/hostConnections';
import { systemClock } from '../clock/systemClock';
import { openSshConfig, type SshConfigSource } from './config/openSshConfig';
import { HostConnection } from './hostConnection';
import { openTransport, type TransportChoice } from './openTransport';
import { SshHost } from './sshHost';

export interface SshHostsOptions {
  readonly prompts: ConnectionPrompts;
  readonly secrets: SecretStore;
  readonly log: Logger;
  /**
   * Whether the user may be asked when work needs a connection that nobody asked for by `connect`. A command line says
   * yes, an editor no: there a host that needs an answer is `refused` until the user connects.
   */
  readonly mayAskUnasked: boolean;
  /** Default: this machine's. */
  readonly config?: SshConfigSource;
  /** For the system's `ssh`; default: its own. */
  readonly configFile?: string;
}

interface KnownHost {
  readonly host: SshHost;
  readonly connection: HostConnection;
  choice: TransportChoice;
}

/** The hosts that are reached over SSH: one connection for each alias, shared by everything here. */
export class SshHosts implements HostConnections {
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly known = new Map<string, KnownHost>();
  private readonly config: SshConfigSource;

  constructor(readonly options: SshHostsOptions) {
    this.config = options.config ?? openSshConfig(options.log);
  }

  /**
   * The host of an alias. Nothing is connected before it is used; a lost connection is opened again when needed.
   *
   * @param transport - `auto` leaves it at what another source said of the host
   */
  host(alias: string, transport: TransportChoice = 'auto'): SshHost {
    const known = this.know(alias);
    if (transport !== 'auto') known.choice = transport;
    return known.host;
  }

  hosts(): readonly HostSummary[] {
    return [...this.known].map(([host, { connection }]) => ({ host, state: connection.state }));
  }

  configuredHosts(): Promise<readonly ConfiguredHost[]> {
    return this.config.configuredHosts();
  }

  async connect(host: string, signal: AbortSignal): Promise<void> {
    await this.know(host).connection.connect(signal);
  }

  disconnect(host: string): Promise<void> {
    this.known.get(host)?.connection.disconnect();
    return Promise.resolve();
  }

  async openShell(host: string, options: ShellOptions, signal: AbortSignal): Promise<InteractiveShell> {
    const session = await this.know(host).connection.connect(signal);
    return session.transport.shell(options, signal);
  }

  dispose(): void {
    this.changed.dispose();
    for (const { connection } of this.known.values()) connection.dispose();
  }

  private know(alias: string): KnownHost {
    const known = this.known.get(alias) ?? this.meet(alias);
    this.known.set(alias, known);
    return known;
  }

  private meet(alias: string): KnownHost {
    const { prompts, secrets, log, mayAskUnasked, configFile } = this.options;
    const connection = new HostConnection({
      host: alias,
      clock: systemClock,
      log,
      mayAskUnasked,
      random: Math.random,
      open: async (mayAsk, signal) => {
        // Read anew for every connection: the user may have corrected it.
        const target = await this.config.resolve(alias);
        const choice = this.known.get(alias)?.choice ?? 'auto';
        return openTransport(
          {
            target,
            choice,
            prompts: mayAsk ? prompts : undefined,
            secrets,
            clock: systemClock,
            log,
            ...(configFile === undefined ? {} : { configFile }),
          },
          signal,
        );
      },
    });
    connection.onDidChange(() => {
      this.changed.fire();
    });
    return { host: new SshHost(alias, (signal) => connection.use(signal), log), connection, choice: 'auto' };
  }
}
