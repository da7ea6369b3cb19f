import { strict as assert } from 'node:assert';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TcpProxy } from '../sshd/proxy';
import { writeSshConfig } from '../sshd/sshConfig';
import type { SshdOptions, SshdRig } from '../sshd/sshd';
import type { SshRigs } from '../sshd/useSshd';
import type { FaultProject } from './faultProject';

/** A host of a project, and the network before it. */
export interface FaultHost {
  readonly rig: SshdRig;
  readonly proxy: TcpProxy;
}

/**
 * Gives a project hosts, each a source of its name with two slots behind a proxy. Their tasks write into the project's
 * ledger, since all hosts are this machine.
 *
 * @param more - of each source's configuration, e.g. `collect: { max_size: 1M }`
 */
export async function addHosts(
  project: FaultProject,
  rigs: SshRigs,
  names: readonly string[],
  { more = '', sshd = {} }: { readonly more?: string; readonly sshd?: SshdOptions } = {},
): Promise<FaultHost[]> {
  const hosts = await Promise.all(
    names.map(async (alias) => {
      const rig = await rigs.start({ ...sshd, alias, env: { HSM_FAULT_DIR: project.dir } });
      return { rig, proxy: await rigs.proxy(rig) };
    }),
  );
  const entries = hosts.map(({ rig: { alias, user, keyFile, hostKey }, proxy }) => ({
    alias,
    user,
    keyFile,
    hostKey,
    port: proxy.port,
  }));
  writeSshConfig(entries, project.home);
  const rest = more === '' ? '' : `, ${more}`;
  project.writeSources(names.map((name) => `${name}: { type: ssh, host: ${name}, slots: 2${rest} }`));
  project.addRunnerLogs(() => hosts.flatMap(({ rig }) => filesThere(rig, 'run/events')));
  return hosts;
}

/** Files of all sweeps on a host, e.g. `run/events`. */
export function filesThere({ home }: SshdRig, path: string): string[] {
  const sweeps = join(home, '.hsm', 'sweeps');
  if (!existsSync(sweeps)) return [];
  const dirs = readdirSync(sweeps).flatMap((project) =>
    readdirSync(join(sweeps, project)).map((sweep) => join(sweeps, project, sweep)),
  );
  return dirs.map((dir) => join(dir, path)).filter((file) => existsSync(file));
}

/**
 * Every task's output is at home, as its attempt wrote it, and what came is files and directories that lie where they
 * should.
 */
export async function checkAllAtHome(project: FaultProject): Promise<void> {
  const { sweepDir, tasks } = await project.status();
  for (const { number } of tasks) {
    const dir = join(sweepDir, 'tasks', `task_${String(number).padStart(4, '0')}`);
    assert.equal(readFileSync(join(dir, 'stdout.log'), 'utf8'), `output of ${number}\n`, dir);
  }
  for (const path of readdirSync(join(sweepDir, 'tasks'), { recursive: true, encoding: 'utf8' })) {
    const stat = lstatSync(join(sweepDir, 'tasks', path));
    assert.ok(stat.isFile() || stat.isDirectory(), `${path} is neither file nor directory`);
  }
  const strays = readdirSync(sweepDir).filter((name) => name.endsWith('.incoming'));
  assert.deepEqual(strays, [], 'nothing is left of transfers');
}
