import assert from 'node:assert/strict';
import { sshConfigIn } from '../../../../../src/adapters/ssh/config/openSshConfig';
import { resolveTarget } from '../../../../../src/adapters/ssh/config/resolveTarget';
import type { SshTarget } from '../../../../../src/adapters/ssh/sshTarget';
import { HsmError } from '../../../../../src/core/base/errors';
import { silentLogger } from '../../../../../src/core/base/logger';
import { madeUpConfig } from './madeUpConfig';

describe('a host of the SSH configuration', () => {
  it('is a plain host name when no entry names it', async () => {
    await checkTarget('', 'box.example', {
      alias: 'box.example',
      hostName: 'box.example',
      port: 22,
      user: 'ada',
      identitiesOnly: false,
      agentSocket: undefined,
      jumps: [],
      preferredAuthentications: [],
      needsOpenSsh: [],
      forbidsSsh2: [],
      aliveIntervalMs: 0,
    });
  });

  it('has the first value of every setting', async () => {
    const config = `
      Port 2200
      Host gpu*
        HostName %h.example
        User grace
      Host *
        User nobody
        Port 1`;
    await checkTarget(config, 'gpubox', { hostName: 'gpubox.example', user: 'grace', port: 2200 });
    await checkTarget(config, 'other', { hostName: 'other', user: 'nobody', port: 2200 });
  });

  it('is found by wildcards, and not by a pattern with a veto', async () => {
    const config = 'Host node? !node3\n  Port 2201\nHost *.example\n  Port 2202';
    await checkTarget(config, 'node1', { port: 2201 });
    await checkTarget(config, 'node3', { port: 22 });
    await checkTarget(config, 'node', { port: 22 });
    await checkTarget(config, 'node12', { port: 22 });
    await checkTarget(config, 'a.b.example', { port: 2202 });
  });

  it('may be named with a user, who outranks the configuration', async () => {
    await checkTarget('Host box\n  User grace\nMatch user eve\n  Port 99', 'eve@box', {
      alias: 'eve@box',
      hostName: 'box',
      user: 'eve',
      port: 99,
    });
  });

  it('reads equals signs, quotes, tabs, comments, a byte order mark and carriage returns', async () => {
    const config =
      '\uFEFF# mine\r\nHost=box # the big one\r\n\tHostName="10.0.0.7"\r\n\tIdentityFile "~/my keys/one"\r\nUser\r\n';
    await checkTarget(config, 'box', { hostName: '10.0.0.7', identityFiles: ['/home/ada/my keys/one'] });
  });

  it('collects identity files over all entries, with tokens and variables replaced', async () => {
    const config = `
      Host box
        HostName box.example
        User grace
        Port 2222
        IdentityFile ~/.ssh/%r@%h-%p
        IdentityFile \${KEYS}/%n_%u_%L
        CertificateFile %d/certs/%i-%k%%
        IdentitiesOnly yes
        IdentityAgent ~/agent-%h
      Host *
        IdentityFile keys/extra
        IdentityFile none`;
    await checkTarget(
      config,
      'box',
      {
        identityFiles: [
          '/home/ada/.ssh/grace@box.example-2222',
          '/keys/box_ada_laptop',
          '/home/ada/keys/extra',
        ],
        certificateFiles: ['/home/ada/certs/1000-box%'],
        identitiesOnly: true,
        agentSocket: '/home/ada/agent-box.example',
      },
      { KEYS: '/keys' },
    );
  });

  it('tries the usual key files where none is named, and no file where the only one is none', async () => {
    await checkTarget('Host box\n  IdentityFile none', 'box', { identityFiles: [] });
    const { identityFiles } = await target('', 'box');
    assert.deepEqual(identityFiles.slice(0, 3), [
      '/home/ada/.ssh/id_ed25519',
      '/home/ada/.ssh/id_ecdsa',
      '/home/ada/.ssh/id_rsa',
    ]);
  });

  it('knows the agent by the environment, by another variable, or not at all', async () => {
    const env = { SSH_AUTH_SOCK: '/run/agent', OTHER: '/run/other' };
    const config =
      'Host a\n IdentityAgent SSH_AUTH_SOCK\nHost b\n IdentityAgent $OTHER\nHost c\n IdentityAgent none';
    await checkTarget(config, 'a', { agentSocket: '/run/agent' }, env);
    await checkTarget(config, 'b', { agentSocket: '/run/other' }, env);
    await checkTarget(config, 'c', { agentSocket: undefined }, env);
    await checkTarget(config, 'd', { agentSocket: '/run/agent' }, env);
  });

  it('says where host keys are known, and what becomes of unknown ones', async () => {
    const config = `
      Host box
        UserKnownHostsFile ~/.ssh/known_%h "/with space/known"
        GlobalKnownHostsFile none
        HostKeyAlias cluster
        HashKnownHosts yes
        StrictHostKeyChecking accept-new`;
    await checkTarget(config, 'box', {
      knownHosts: {
        files: ['/home/ada/.ssh/known_box', '/with space/known'],
        newEntriesIn: '/home/ada/.ssh/known_box',
        alias: 'cluster',
        hash: true,
        policy: 'accept-new',
      },
    });
    const usual = await target('', 'box');
    assert.deepEqual(usual.knownHosts, {
      files: [
        '/home/ada/.ssh/known_hosts',
        '/home/ada/.ssh/known_hosts2',
        '/etc/ssh/ssh_known_hosts',
        '/etc/ssh/ssh_known_hosts2',
      ],
      newEntriesIn: '/home/ada/.ssh/known_hosts',
      hash: false,
      policy: 'ask',
    });
  });

  it('never takes host keys unasked because checking is off', async () => {
    for (const [word, policy] of [
      ['no', 'ask'],
      ['off', 'ask'],
      ['ask', 'ask'],
      ['yes', 'yes'],
    ] as const) {
      const { knownHosts } = await target(`StrictHostKeyChecking ${word}`, 'box');
      assert.equal(knownHosts.policy, policy, word);
    }
  });

  it('has times with units, and methods without those that are off', async () => {
    const config = `
      ConnectTimeout 1m30s
      ServerAliveInterval 20
      PreferredAuthentications password,publickey , keyboard-interactive
      PasswordAuthentication no`;
    await checkTarget(config, 'box', {
      connectTimeoutMs: 90_000,
      aliveIntervalMs: 20_000,
      preferredAuthentications: ['publickey', 'keyboard-interactive'],
    });
    await checkTarget('KbdInteractiveAuthentication no', 'box', {
      preferredAuthentications: ['publickey', 'password'],
    });
  });
});

describe('includes of the SSH configuration', () => {
  it('are read in the place where they stand, by names and patterns, relative to ~/.ssh', async () => {
    const files = {
      '~/.ssh/config':
        'Include conf.d/*.conf ~/more ${EXTRA}\nHost box\n  Port 1\n  User last\n  HostName last.example',
      '~/.ssh/conf.d/b.conf': 'Host box\n  Port 3\n  User b',
      '~/.ssh/conf.d/a.conf': 'Host box\n  Port 2',
      '~/.ssh/conf.d/.hidden.conf': 'Host box\n  Port 9',
      '~/.ssh/conf.d/a.txt': 'Host box\n  Port 8',
      '~/more': 'Host box\n  IdentityFile /from/more',
      '/extra': 'Host box\n  IdentityFile /from/extra',
    };
    const found = await resolveTarget('box', madeUpConfig(files, { EXTRA: '/extra' }));
    assert.deepEqual([found.port, found.user, found.hostName], [2, 'b', 'last.example']);
    assert.deepEqual(found.identityFiles, ['/from/more', '/from/extra']);
  });

  it('inside an entry belong to it, and end with their file', async () => {
    const files = {
      '~/.ssh/config': 'Host box\n  Include inner\n  User outer\nHost *\n  Port 7',
      '~/.ssh/inner': 'HostName inner.example\nHost other\n  HostName wrong.example',
    };
    const box = await resolveTarget('box', madeUpConfig(files));
    assert.deepEqual([box.hostName, box.user, box.port], ['inner.example', 'outer', 7]);
    const other = await resolveTarget('other', madeUpConfig(files));
    assert.deepEqual([other.hostName, other.user], ['other', 'ada']);
  });

  it('of the system come after the user, relative to /etc/ssh', async () => {
    const files = {
      '~/.ssh/config': 'Host box\n  User mine',
      '/etc/ssh/ssh_config': 'Include ssh_config.d/*.conf\nHost *\n  User theirs\n  Port 3',
      '/etc/ssh/ssh_config.d/site.conf': 'Port 2',
    };
    const found = await resolveTarget('box', madeUpConfig(files));
    assert.deepEqual([found.user, found.port], ['mine', 2]);
  });

  it('that include themselves are refused', async () => {
    await checkRefusal(
      { '~/.ssh/config': 'Include config' },
      'box',
      /\.ssh\/config cannot be used: .*nested/,
    );
  });
});

describe('the way to a host', () => {
  it('goes over the hosts of a ProxyJump, each with its own entry', async () => {
    const config = `
      Host box
        ProxyJump grace@bastion:2222,inner
      Host bastion
        HostName bastion.example
        User wrong
        HostKeyAlias bastion-key
      Host inner
        IdentityFile /keys/inner`;
    const { jumps } = await target(config, 'box');
    assert.deepEqual(
      jumps.map(({ hostName, user, port }) => [hostName, user, port]),
      [
        ['bastion.example', 'grace', 2222],
        ['inner', 'ada', 22],
      ],
    );
    assert.equal(jumps[0]?.knownHosts.alias, 'bastion-key');
    assert.deepEqual(jumps[1]?.identityFiles, ['/keys/inner']);
  });

  it('begins with the way to its first hop', async () => {
    const config = 'Host a\n ProxyJump b\nHost b\n ProxyJump c\nHost d\n ProxyJump c,a';
    assert.deepEqual(await way(config, 'a'), ['c', 'b']);
    assert.deepEqual(await way(config, 'd'), ['c', 'a']);
  });

  it('is direct where a more specific entry says none', async () => {
    const config = 'Host bastion\n  ProxyJump none\nHost *\n  ProxyJump bastion';
    assert.deepEqual(await way(config, 'bastion'), []);
    assert.deepEqual(await way(config, 'box'), ['bastion']);
  });

  it('may not be a circle', async () => {
    await checkRefusal(
      { '~/.ssh/config': 'Host a\n ProxyJump b\nHost b\n ProxyJump a' },
      'a',
      /circle: a through b through a/,
    );
  });

  it('is a jump, too, when a ProxyCommand does nothing else', async () => {
    for (const command of [
      'ssh -W %h:%p bastion',
      'ssh bastion -W %h:%p',
      'exec /usr/bin/ssh -q -W [%h]:%p bastion',
    ]) {
      assert.deepEqual(await way(`Host box\n  ProxyCommand ${command}`, 'box'), ['bastion'], command);
    }
    const { jumps } = await target('Host box\n ProxyCommand ssh -l grace -p 2222 -W %h:%p bastion', 'box');
    assert.deepEqual([jumps[0]?.user, jumps[0]?.port], ['grace', 2222]);
  });

  it('by any other ProxyCommand is left to OpenSSH', async () => {
    for (const command of [
      'nc -X connect -x proxy:3128 %h %p',
      'ssh -F /else -W %h:%p bastion',
      'ssh bastion nc %h %p',
      'ssh -W %h:%p bastion; touch /tmp/x',
    ]) {
      const { jumps, needsOpenSsh } = await target(`Host box\n  ProxyCommand ${command}`, 'box');
      assert.deepEqual(jumps, [], command);
      assert.match(needsOpenSsh.join(), /^box is reached by the ProxyCommand /, command);
    }
  });

  it('is that of the setting that comes first', async () => {
    const config = 'Host box bastion\n  ProxyCommand none\nHost *\n  ProxyJump bastion';
    assert.deepEqual(await way(config, 'box'), []);
    assert.deepEqual(
      (await target('Host box\n  ProxyJump bastion\n  ProxyCommand nc', 'box')).needsOpenSsh,
      [],
    );
  });

  it('that only OpenSSH finds for a hop is left to it as a whole', async () => {
    const config = 'Host box\n  ProxyJump bastion\nHost bastion\n  ProxyCommand nc %h %p';
    assert.match((await target(config, 'box')).needsOpenSsh.join(), /bastion is reached by the ProxyCommand/);
  });
});

describe('what only OpenSSH can do', () => {
  it('is told, each by its setting', async () => {
    await checkNeeds('Host box\n  GSSAPIAuthentication yes', 'box', [/Kerberos/]);
    await checkNeeds('PKCS11Provider /lib/card.so', 'box', [/PKCS11Provider/]);
    await checkNeeds('KnownHostsCommand /bin/keys %H', 'box', [/KnownHostsCommand/]);
    await checkNeeds('RevokedHostKeys /etc/revoked', 'box', [/RevokedHostKeys/]);
    await checkNeeds('CanonicalizeHostname yes', 'box', [/CanonicalizeHostname/]);
    await checkNeeds('Host box\n  HostKeyAlgorithms +ssh-rsa', 'box', [/HostKeyAlgorithms adds/]);
  });

  it('is not Kerberos that somebody switched on for every host', async () => {
    await checkNeeds('Host *\n  GSSAPIAuthentication yes', 'box', []);
    await checkNeeds('GSSAPIAuthentication yes', 'box', []);
    const system = { '/etc/ssh/ssh_config': 'Host box\n  GSSAPIAuthentication yes' };
    assert.deepEqual((await resolveTarget('box', madeUpConfig(system))).needsOpenSsh, []);
  });

  it('is a condition that would have to run a command, where nothing else rules it out', async () => {
    const config = 'Match host box exec "touch /tmp/hsm-was-here"\n  Port 2222';
    await checkNeeds(config, 'box', [/Match exec touch/]);
    await checkNeeds(config, 'other', []);
    await checkNeeds('Match localnetwork 10.0.0.0/8\n  Port 1', 'box', [/Match localnetwork/]);
    assert.equal((await target(config, 'box')).port, 22);
  });
});

describe('Match in the SSH configuration', () => {
  it('decides by names and users', async () => {
    const config = `
      Host box
        HostName box.example
      Match host *.example user ada
        Port 1001
      Match originalhost plain localuser ada,eve
        Port 1002
      Match !host plain,other all
        Port 1003
      Match all
        User everyone`;
    await checkTarget(config, 'box', { port: 1001, user: 'everyone' });
    await checkTarget(config, 'plain', { port: 1002 });
    await checkTarget(config, 'third', { port: 1003 });
    await checkTarget(config, 'other', { port: 22 });
  });

  it('final sees what the first pass found', async () => {
    const config = 'Match final host *.example\n  Port 77\nHost box\n  HostName box.example';
    await checkTarget(config, 'box', { port: 77 });
    await checkTarget(config, 'else', { port: 22 });
  });
});

describe('a name that is no host', () => {
  it('is refused before anything is looked up', async () => {
    const hostile = [
      '-oProxyCommand=touch /tmp/x',
      'box;id',
      '$(id)',
      '`id`',
      'a b',
      'a\nb',
      'a\u001b[2J',
      '',
      'box/../x',
      "box'",
      'a|b',
      '*',
      'x'.repeat(300),
      'bőx',
    ];
    const environment = {
      ...madeUpConfig({}),
      readFile: () => Promise.reject(new Error('was read')),
    };
    for (const alias of hostile) {
      await assert.rejects(
        resolveTarget(alias, environment),
        (error) =>
          HsmError.is(error, 'host.refused') && error.message.includes('is not the name of an SSH host'),
        alias,
      );
    }
  });

  it('is refused as a hop, as a port and as a token', async () => {
    const refusals: [string, RegExp][] = [
      ['ProxyJump -oProxyCommand=id', /ProxyJump of box names no hosts/],
      ['Port ssh', /port of box/],
      ['Port 70000', /port of box/],
      ['IdentityFile ~/%Z', /IdentityFile of box uses a token/],
      ['IdentityFile ${NOT_SET}/x', /IdentityFile of box uses a token or variable/],
      ['User "half', /cannot be used/],
    ];
    for (const [config, message] of refusals) {
      await checkRefusal({ '~/.ssh/config': config }, 'box', message);
    }
  });
});

describe('the hosts that a configuration lists', () => {
  it('are its names without patterns, resolved, in their order, once each', async () => {
    const files = {
      '~/.ssh/config': `
        Include work
        Host box gpu*
          HostName box.example
        Host *.example !x
          User grace
        Host broken
          Port x
        Host box second -oEvil`,
      '~/.ssh/work': 'Host cluster\n  User grace\n  Port 2222',
    };
    assert.deepEqual(await sshConfigIn(madeUpConfig(files), silentLogger).configuredHosts(), [
      { alias: 'cluster', hostName: 'cluster', user: 'grace', port: 2222 },
      { alias: 'box', hostName: 'box.example', user: 'ada', port: 22 },
      { alias: 'second', hostName: 'second', user: 'ada', port: 22 },
    ]);
  });
});

function target(config: string, alias: string, env: Record<string, string> = {}): Promise<SshTarget> {
  return resolveTarget(alias, madeUpConfig({ '~/.ssh/config': config }, env));
}

async function way(config: string, alias: string): Promise<string[]> {
  return (await target(config, alias)).jumps.map((jump) => jump.alias);
}

async function checkTarget(
  config: string,
  alias: string,
  expected: Partial<SshTarget>,
  env: Record<string, string> = {},
): Promise<void> {
  const found = await target(config, alias, env);
  const keys = Object.keys(expected) as (keyof SshTarget)[];
  assert.deepEqual(Object.fromEntries(keys.map((key) => [key, found[key]])), expected);
}

async function checkNeeds(config: string, alias: string, expected: readonly RegExp[]): Promise<void> {
  const { needsOpenSsh } = await target(config, alias);
  assert.equal(needsOpenSsh.length, expected.length, needsOpenSsh.join());
  for (const [index, pattern] of expected.entries()) assert.match(needsOpenSsh[index] ?? '', pattern);
}

async function checkRefusal(files: Record<string, string>, alias: string, message: RegExp): Promise<void> {
  await assert.rejects(
    resolveTarget(alias, madeUpConfig(files)),
    (error) => HsmError.is(error, 'host.refused') && message.test(error.message),
  );
}
