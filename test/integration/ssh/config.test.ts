import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSshConfig, type OpenSshConfigOptions } from '../../../src/adapters/ssh/config/openSshConfig';
import { HsmError } from '../../../src/core/base/errors';
import { silentLogger } from '../../../src/core/base/logger';
import { opensshServer, skipUnless } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';

const run = promisify(execFile);

describe('the SSH configuration beside what `ssh -G` makes of it', () => {
  const temp = makeTempDir();
  before(function () {
    skipUnless(this, opensshServer);
    mkdirSync(join(temp.path, 'conf.d'));
    writeFileSync(join(temp.path, 'conf.d', 'a.conf'), 'Host inc*\n  Port 4001\nHost box\n  User first\n');
    writeFileSync(join(temp.path, 'inner'), 'IdentityFile /inner/key\nHost inner\n  Port 1\n');
  });
  after(() => {
    temp.dispose();
  });

  const config = (): string => `
    # a comment
    Include "${temp.path}/conf.d/*.conf"
    Host box box2 # trailing
      HostName %h.example
      User second
      Port=2222
      IdentityFile "/keys/with space"
      IdentityFile /keys/two
      Include "${temp.path}/inner"
      ProxyJump grace@bastion:2022,other
    Host !box2 bo?2 bo?3
      Port 2300
    Host bastion
      ProxyCommand none
      StrictHostKeyChecking yes
      HashKnownHosts yes
      ConnectTimeout 12
      ServerAliveInterval 1m
    Match host box.example
      HostKeyAlias matched
    Match final host *.example
      UserKnownHostsFile /known/one /known/two
    Match originalhost "inc1,inc2" user ${userInfo().username}
      IdentitiesOnly yes
      PreferredAuthentications password,publickey
    Host *
      User last
      ProxyJump none
      IdentityFile /keys/last
  `;

  for (const alias of [
    'box',
    'box2',
    'box3',
    'bastion',
    'inc1',
    'incx',
    'inner',
    'nobody.example',
    'eve@box3',
  ]) {
    it(`agrees on ${alias}`, async () => {
      const path = join(temp.path, 'config');
      writeFileSync(path, config());
      chmodSync(path, 0o600);
      const target = await configOf(path).resolve(alias);
      const expected = await evaluatedBySsh(path, alias);
      const lines = [
        `hostname ${target.hostName}`,
        `port ${target.port}`,
        `user ${target.user}`,
        `identitiesonly ${target.identitiesOnly ? 'yes' : 'no'}`,
        `hashknownhosts ${target.knownHosts.hash ? 'yes' : 'no'}`,
        `connecttimeout ${target.connectTimeoutMs === 15_000 ? 'none' : target.connectTimeoutMs / 1000}`,
        `serveraliveinterval ${target.aliveIntervalMs / 1000}`,
        ...target.identityFiles.map((file) => `identityfile ${file}`),
      ];
      for (const line of lines) assert.ok(expected.includes(line), `${line}\nnot in\n${expected.join('\n')}`);
      const named = expected.filter((line) => line.startsWith('identityfile '));
      assert.equal(named.length, target.identityFiles.length);
      assert.equal(value(expected, 'proxyjump') ?? 'none', jumpsOf(target.jumps));
      assert.equal(value(expected, 'hostkeyalias'), target.knownHosts.alias);
      assert.equal(target.knownHosts.policy === 'yes', value(expected, 'stricthostkeychecking') === 'true');
      assert.deepEqual(
        value(expected, 'userknownhostsfile')?.split(' ').slice(0, 1),
        target.knownHosts.files.slice(0, 1),
      );
    });
  }

  it('never runs the command of a Match exec', async () => {
    const marker = join(temp.path, 'was run');
    const path = join(temp.path, 'with exec');
    writeFileSync(
      path,
      `Match exec "touch '${marker.replaceAll("'", "'\\''")}'"\n  User x\nHost box\n  Port 2\n`,
    );
    chmodSync(path, 0o600);
    const source = configOf(path);
    const target = await source.resolve('box');
    await source.configuredHosts();
    assert.equal(existsSync(marker), false);
    assert.deepEqual([target.port, target.needsOpenSsh.length], [2, 1]);
  });

  it('refuses a file that others may write, as ssh does with the one at home', async () => {
    const path = join(temp.path, 'open to all');
    writeFileSync(path, 'Host box\n  ProxyCommand evil\n');
    chmodSync(path, 0o666);
    await assert.rejects(
      configOf(path).resolve('box'),
      (error) => HsmError.is(error, 'host.refused') && error.message.includes('other users may write it'),
    );
  });
});

function configOf(path: string): ReturnType<typeof openSshConfig> {
  const options: OpenSshConfigOptions = { configFiles: [{ path, isUsers: true }], env: {} };
  return openSshConfig(silentLogger, options);
}

async function evaluatedBySsh(path: string, alias: string): Promise<string[]> {
  const { stdout } = await run('ssh', ['-G', '-F', path, '--', alias]);
  return stdout
    .split('\n')
    .map((line) => line.replace('identityfile ~', `identityfile ${userInfo().homedir}`));
}

function value(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
}

function jumpsOf(jumps: readonly { alias: string; user: string; port: number }[]): string {
  if (jumps.length === 0) return 'none';
  return jumps
    .map(({ alias, user, port }) => (alias === 'bastion' ? `${user}@${alias}:${port}` : alias))
    .join(',');
}
