import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../../../src/core/base/lifecycle';
import { waitUntil } from '../waitUntil';

/** A real ssh-agent of a test's own. */
export class TestAgent implements Disposable {
  private constructor(
    private readonly child: ChildProcess,
    readonly socket: string,
  ) {}

  static async start(dir: string): Promise<TestAgent> {
    const socket = join(dir, 'agent');
    const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    await waitUntil('the agent listens', () => existsSync(socket));
    return new TestAgent(child, socket);
  }

  add(...files: readonly string[]): void {
    for (const file of files) this.run('-q', file);
  }

  clear(): void {
    this.run('-q', '-D');
  }

  dispose(): void {
    this.child.kill();
  }

  private run(...args: readonly string[]): void {
    execFileSync('ssh-add', args, {
      env: { ...process.env, SSH_AUTH_SOCK: this.socket },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }
}

/** Makes a key pair; the public half lies beside it. */
export function makeKeyFile(file: string, type: string, passphrase = '', ...more: readonly string[]): string {
  const args = ['-q', '-t', type, '-N', passphrase, '-C', file.split('/').at(-1) ?? '', '-f', file, ...more];
  execFileSync('ssh-keygen', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return file;
}
