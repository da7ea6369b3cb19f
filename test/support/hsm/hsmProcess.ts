import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';

/** How a call of `hsm` ended. */
export interface Ended {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `hsm`. */
export class HsmProcess {
  stdout = '';
  stderr = '';
  private readonly closed: Promise<unknown>;

  static start(command: string, args: readonly string[], options: SpawnOptions): HsmProcess {
    return new HsmProcess(spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.closed = once(child, 'close');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }

  /** As `head` does when it has enough. */
  stopReading(): void {
    this.child.stdout?.destroy();
  }

  /** @returns the exit code; undefined when a signal ended it */
  async ended(): Promise<number | undefined> {
    await this.closed;
    return this.child.exitCode ?? undefined;
  }

  async result(): Promise<Ended> {
    const code = await this.ended();
    return { code, stdout: this.stdout, stderr: this.stderr };
  }
}
