import { Emitter } from '../../core/base/event';
import type { Disposable } from '../../core/base/lifecycle';
import type { Logger } from '../../core/base/logger';
import type { ConnectionPrompts, SecretStore } from '../../core/compute/connectionPrompts';
import type {
  ConfiguredHost,
  HostConnections,
  HostSummary,
  InteractiveShell,
} from '../../core/compute/hostConnections';
import type { StreamHost } from '../host/streamHost';

/** How a source wants its host to be reached. */
export type TransportChoice = 'auto' | 'ssh2' | 'openssh';

export interface SshHostsOptions {
  readonly prompts: ConnectionPrompts;
  readonly secrets: SecretStore;
  readonly log: Logger;
  /**
   * Whether the user may be asked when work needs a connection that nobody asked for by `connect`. A command line says
   * yes, an editor no: there a host that needs an answer is `refused` until the user connects.
   */
  readonly mayAskUnasked: boolean;
}

/** The hosts that are reached over SSH: one connection for each alias, shared by everything here. */
export class SshHosts implements HostConnections, Disposable {
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(readonly options: SshHostsOptions) {}

  /** The host of an alias. Nothing is connected before it is used; a lost connection is opened again when needed. */
  host(_alias: string, _transport: TransportChoice): StreamHost {
    throw new Error('not written yet');
  }

  hosts(): readonly HostSummary[] {
    return [];
  }

  configuredHosts(): Promise<readonly ConfiguredHost[]> {
    return Promise.resolve([]);
  }

  connect(): Promise<void> {
    return Promise.reject(new Error('not written yet'));
  }

  disconnect(): Promise<void> {
    return Promise.reject(new Error('not written yet'));
  }

  openShell(): Promise<InteractiveShell> {
    return Promise.reject(new Error('not written yet'));
  }

  dispose(): void {
    this.changed.dispose();
  }
}
