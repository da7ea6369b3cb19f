import { strict as assert } from 'node:assert';
import { openSshConfig } from '../../../src/adapters/ssh/config/openSshConfig';
import { SshHosts } from '../../../src/adapters/ssh/sshHosts';
import { silentLogger } from '../../../src/core/base/logger';
import { NO_PROMPTS, NO_SECRETS } from '../../../src/core/compute/connectionPrompts';
import type { SshClientHome } from '../../support/sshd/sshConfig';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('SshHosts', () => {
  const rigs = useSshd();
  let hosts: SshHosts;

  afterEach(() => {
    hosts.dispose();
  });

  function open(client: SshClientHome): SshHosts {
    const config = openSshConfig(silentLogger, {
      home: client.home,
      configFiles: [{ path: client.configFile, isUsers: true }],
      env: {},
    });
    hosts = new SshHosts({
      prompts: NO_PROMPTS,
      secrets: NO_SECRETS,
      log: silentLogger,
      mayAskUnasked: false,
      config,
    });
    return hosts;
  }

  it('connects when a host is first used, and shares the connection', async () => {
    const rig = await rigs.start();
    const proxy = await rigs.proxy(rig);
    const { user, keyFile, hostKey } = rig;
    const client = rigs.client({ alias: 'box', port: proxy.port, user, keyFile, hostKey });
    const box = open(client).host('box');
    assert.deepEqual(hosts.hosts(), [{ host: 'box', state: { kind: 'disconnected' } }]);
    const runs = Array.from({ length: 5 }, () => box.run(['printenv', 'USER'], signal));
    for (const { stdout } of await Promise.all(runs)) assert.equal(stdout, `${user}\n`);
    assert.equal(proxy.traffic.connections, 1);
    assert.deepEqual(hosts.hosts(), [{ host: 'box', state: { kind: 'connected', transport: 'ssh2' } }]);
  });

  it('comes back by itself after a loss', async () => {
    const rig = await rigs.start();
    const client = rigs.client(rig);
    const box = open(client).host(rig.alias);
    await box.run(['true'], signal);
    rig.killSessions();
    await waitUntil('the loss is seen', () => hosts.hosts()[0]?.state.kind !== 'connected');
    assert.equal((await box.run(['echo', 'back'], signal)).stdout, 'back\n');
  });
});
