import { Emitter } from '../../src/core/base/event';
import type {
  ConfiguredHost,
  ConnectionState,
  HostConnections,
  HostSummary,
  InteractiveShell,
} from '../../src/core/compute/hostConnections';

/** Connections in memory: tests set their states and see what was asked. */
export class FakeHosts implements HostConnections {
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  readonly calls: string[] = [];
  configured: readonly ConfiguredHost[] = [];
  private readonly states = new Map<string, ConnectionState>();

  set(host: string, state: ConnectionState): void {
    this.states.set(host, state);
    this.changed.fire();
  }

  hosts(): readonly HostSummary[] {
    return [...this.states].map(([host, state]) => ({ host, state }));
  }

  configuredHosts(): Promise<readonly ConfiguredHost[]> {
    return Promise.resolve(this.configured);
  }

  connect(host: string): Promise<void> {
    this.calls.push(`connect ${host}`);
    this.set(host, { kind: 'connected', transport: 'ssh2' });
    return Promise.resolve();
  }

  disconnect(host: string): Promise<void> {
    this.calls.push(`disconnect ${host}`);
    this.set(host, { kind: 'disconnected' });
    return Promise.resolve();
  }

  openShell(host: string): Promise<InteractiveShell> {
    this.calls.push(`openShell ${host}`);
    const printed = new Emitter<string>();
    const ended = new Emitter<number | undefined>();
    return Promise.resolve({
      onDidPrint: printed.event,
      onDidEnd: ended.event,
      type: (text: string) => {
        printed.fire(text);
      },
      resize: () => undefined,
      dispose: () => {
        ended.fire(0);
      },
    });
  }

  dispose(): void {
    this.changed.dispose();
  }
}
