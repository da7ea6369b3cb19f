import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disposable } from '../../src/core/base/lifecycle';
import type { Reachable } from '../support/sshd/rigHost';
import { startSshd, type SshdRig } from '../support/sshd/sshd';
import { writeSshConfig } from '../support/sshd/sshConfig';
import { bundleProgram } from './bundle';
import { benchRoot } from './workDir';

/** A host for benches: a real sshd of this machine, perhaps as far away as wanted. */
export class SshBenchHost implements Disposable {
  private constructor(
    readonly rig: SshdRig,
    private readonly port: number,
    private readonly proxy: ChildProcess | undefined,
    private readonly dir: string,
  ) {}

  /** @param latencyMs - of every byte, in each direction; by a proxy that is a process of its own */
  static async start(latencyMs: number): Promise<SshBenchHost> {
    const rig = await startSshd({ alias: 'box', maxSessions: 10, parentDir: benchRoot() });
    // Short: a control socket's path has to fit into 104 bytes.
    const dir = mkdtempSync(join(tmpdir(), 'hsm-b'));
    if (latencyMs === 0) return new SshBenchHost(rig, rig.port, undefined, dir).prepare();
    const program = await bundleProgram('proxyProgram.ts');
    const proxy = spawn('node', [program, String(rig.port), String(latencyMs)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(proxy.stdout, 'data')) as [Buffer];
    return new SshBenchHost(rig, Number(line.toString()), proxy, dir).prepare();
  }

  /** A home in which `hsm` finds the host. */
  get home(): string {
    return this.dir;
  }

  /** Words for `ssh`, as people set it up: one connection for many sessions, or a new one for each. */
  ssh(isShared: boolean): string {
    return `ssh -F ${join(this.dir, isShared ? 'shared' : '.ssh/config')}`;
  }

  /** What the product connects to. */
  get reachable(): Reachable {
    const { alias, user, keyFile } = this.rig;
    return { alias, user, keyFile, port: this.port };
  }

  dispose(): void {
    this.proxy?.stdin?.end();
    this.rig.dispose();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private prepare(): this {
    const { alias, user, keyFile, hostKey } = this.rig;
    const entry = { alias, user, keyFile, hostKey, port: this.port };
    const sharing = ['ControlMaster auto', `ControlPath ${this.dir}/%C`, 'ControlPersist yes'].join('\n');
    const { configFile } = writeSshConfig([entry], this.dir);
    const config = `Host *\n${sharing}\nInclude ${configFile}\n`;
    writeFileSync(join(this.dir, 'shared'), config);
    // The shared connection is there before any clock runs, and ends with the rig.
    execFileSync('sh', ['-c', `${this.ssh(true)} -fN ${alias}`], { stdio: 'ignore' });
    return this;
  }
}
