import type { Event } from '../base/event';
import type { Disposable } from '../base/lifecycle';

/** The connection to one host, as lists show it. */
export type ConnectionState =
  /** Nothing is open, and nothing is wanted. `byUser`: nothing opens it before {@link HostConnections.connect}. */
  | { readonly kind: 'disconnected'; readonly byUser?: true }
  | { readonly kind: 'connecting' }
  | {
      readonly kind: 'connected';
      readonly transport: 'ssh2' | 'openssh';
      /** Why this transport, as a sentence; only where the choice was not the configuration's. */
      readonly because?: string;
    }
  /** It was lost; the next try is at `retryAtMs`. */
  | { readonly kind: 'waiting'; readonly reason: string; readonly retryAtMs: number }
  /** It was refused, or needs an answer of the user: nothing is tried again before {@link HostConnections.connect}. */
  | {
      readonly kind: 'refused';
      readonly reason: string;
      readonly hint?: string;
      /** The user was there and knows: it is the outcome of {@link HostConnections.connect}. */
      readonly wasAsked?: true;
    };

/** A host that sources name, and its connection. */
export interface HostSummary {
  /** The alias of `~/.ssh/config`. */
  readonly host: string;
  readonly state: ConnectionState;
}

/** An entry of `~/.ssh/config` that names one host (no pattern). */
export interface ConfiguredHost {
  readonly alias: string;
  readonly hostName: string;
  readonly user: string;
  readonly port: number;
}

/** A shell that somebody types into. */
export interface InteractiveShell extends Disposable {
  /** What it prints, as it comes. */
  readonly onDidPrint: Event<string>;
  /** Fires once. Undefined: the connection was lost or a signal ended it. */
  readonly onDidEnd: Event<number | undefined>;
  type(text: string): void;
  resize(columns: number, rows: number): void;
}

export interface ShellOptions {
  /** Where it starts, absolute there. Default: the home directory. */
  readonly dir?: string;
  readonly columns: number;
  readonly rows: number;
}

/**
 * The connections to remote hosts, one for each, shared by everything that talks to the host. Queries answer from
 * memory. Disposing closes them all; tasks go on.
 */
export interface HostConnections extends Disposable {
  readonly onDidChange: Event<void>;
  /** Hosts that were asked for since the start. */
  hosts(): readonly HostSummary[];
  /** What `~/.ssh/config` lists. */
  configuredHosts(): Promise<readonly ConfiguredHost[]>;

  /**
   * Connects, asking the user what the server asks. At once when the connection stands.
   *
   * @throws HsmError `host.refused` or `host.unreachable`
   */
  connect(host: string, signal: AbortSignal): Promise<void>;

  /** Closes the connection for the user; tasks go on. Nothing reopens it before {@link connect} or {@link openShell}. */
  disconnect(host: string): Promise<void>;

  /** A terminal on the connection. @throws HsmError as {@link connect} does */
  openShell(host: string, options: ShellOptions, signal: AbortSignal): Promise<InteractiveShell>;
}
