import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { connectSsh2 } from '../../../src/adapters/ssh/ssh2/connectSsh2';
import type { Gatekeepers } from '../../../src/adapters/ssh/ssh2/loginSsh2';
import { Ssh2Transport } from '../../../src/adapters/ssh/ssh2/ssh2Transport';
import { SshHost } from '../../../src/adapters/ssh/sshHost';
import { SshSession } from '../../../src/adapters/ssh/sshSession';
import type { SshTarget } from '../../../src/adapters/ssh/sshTarget';
import { HsmError } from '../../../src/core/base/errors';
import { silentLogger } from '../../../src/core/base/logger';
import { ManualClock } from '../../support/manualClock';
import { behind, connectTo, openRigHost, toTarget, trustingGatekeepers } from '../../support/sshd/rigHost';
import { useSshd } from '../../support/sshd/useSshd';
import { waitUntil } from '../../support/waitUntil';

const signal = new AbortController().signal;

describe('A connection by ssh2', function () {
  this.timeout(30_000);
  const rigs = useSshd();

  it('carries data both ways while the server changes keys', async () => {
    const rig = await rigs.start({ extraConfig: 'RekeyLimit 1M' });
    const { host, session } = await openRigHost(rig);
    const bytes = randomBytes(12_000_000);
    const program = await host.start(['cat'], signal);
    program.stderr.resume();
    const [back] = await Promise.all([
      buffer(program.stdout),
      pipeline(Readable.from([bytes]), program.stdin),
    ]);
    assert.equal(sha(back), sha(bytes));
    assert.equal((await host.run(['wc', '-c'], signal, { stdin: bytes })).stdout.trim(), '12000000');
    session.dispose();
  });

  it('goes through two hosts to a third', async () => {
    const [first, second, third] = await Promise.all([rigs.start(), rigs.start(), rigs.start()]);
    const { host, session } = await openRigHost(third, first, second);
    assert.equal((await host.run(['printenv', 'HOME'], signal)).stdout, `${third.home}\n`);
    const bytes = randomBytes(3_000_000);
    const { stdout } = await host.run(['sha256sum'], signal, { stdin: bytes });
    assert.equal(stdout.split(' ')[0], sha(bytes));
    session.dispose();
    for (const rig of [first, second, third]) {
      await waitUntil('the server saw the end', () =>
        /Disconnected from user|Connection closed by/.test(rig.log()),
      );
    }
  });

  it('tells of its loss once, when a host on its way goes', async () => {
    const [first, second] = await Promise.all([rigs.start(), rigs.start()]);
    const transport = await connectTo(second, first);
    const losses: string[] = [];
    transport.onDidLose((reason) => losses.push(reason));
    first.killSessions();
    await waitUntil('the loss is seen', () => losses.length > 0);
    await assert.rejects(transport.exec('true', signal), { code: 'host.unreachable' });
    assert.equal(losses.length, 1);
  });

  it('rejects what was under way when it is cut, and says nothing of how it ended', async () => {
    const rig = await rigs.start();
    const proxy = await rigs.proxy(rig);
    const { host } = await openRigHost(behind(proxy, rig));
    const running = host.run(['sleep', '600'], signal);
    const program = await host.start(['sleep', '600'], signal);
    program.stdout.resume();
    program.stderr.resume();
    proxy.reset();
    await assert.rejects(
      running,
      (error) => HsmError.is(error, 'host.unreachable') && error.message.includes('box was lost'),
    );
    assert.equal((await program.ended).kind, 'lost');
    await assert.rejects(host.run(['true'], signal), { code: 'host.unreachable' });
  });

  it('notices a network that went away without a word', async () => {
    const rig = await rigs.start();
    const proxy = await rigs.proxy(rig);
    const clock = new ManualClock();
    const target = toTarget(behind(proxy, rig));
    const options = { clock: systemClock, log: silentLogger, gatekeepers: trustingGatekeepers };
    const transport = new Ssh2Transport(await connectSsh2(target, options, signal), clock, silentLogger);
    const session = new SshSession(transport, 'box', silentLogger);
    const host = new SshHost('box', () => Promise.resolve(session), silentLogger);
    const losses: string[] = [];
    transport.onDidLose((reason) => losses.push(reason));
    assert.equal((await host.run(['echo', 'on'], signal)).stdout, 'on\n');

    const asked = proxy.traffic.up;
    await clock.advance(35_000);
    await waitUntil('the server was asked for a sign of life', () => proxy.traffic.up > asked);
    await waitUntil('it answered', async () => {
      await clock.advance(5_000);
      return (await host.run(['echo', 'on'], signal)).stdout === 'on\n';
    });
    assert.deepEqual(losses, []);

    proxy.blackHole(true);
    const running = host.run(['true'], signal);
    const rejected = assert.rejects(running, { code: 'host.unreachable' });
    await clock.advance(70_000);
    await waitUntil('the loss is seen', () => losses.length > 0);
    await rejected;
    assert.deepEqual(losses, ['nothing was heard of it any more']);
  });

  it('gives up a server that says nothing, and one that speaks another language', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    const foreign = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await Promise.all([once(silent, 'listening'), once(foreign, 'listening')]);
    const clock = new ManualClock();
    const options = { clock, log: silentLogger, gatekeepers: trustingGatekeepers };
    const portOf = (server: Server): number => (server.address() as AddressInfo).port;
    const dial = (port: number) =>
      connectSsh2(toTarget({ alias: 'box', port, user: 'dana', keyFile: '/dev/null' }), options, signal);
    let reason: unknown;
    dial(portOf(silent)).catch((error: unknown) => {
      reason = error;
    });
    await waitUntil('it is given up', async () => {
      await clock.advance(1_000);
      return reason !== undefined;
    });
    assert.match(String(reason), /ended before it was greeted: the server did not answer in time/);
    const port = portOf(foreign);
    await assert.rejects(dial(port), { code: 'host.unreachable' });
    silent.close();
    foreign.close();
    await assert.rejects(dial(port), /box is not reachable: nothing listens/);
  });

  it('counts no time while the user is asked something', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const clock = new ManualClock();
    const user = { isAsked: true };
    const gatekeepers = async (target: SshTarget): Promise<Gatekeepers> => {
      const { authenticator, verifier } = await trustingGatekeepers(target);
      const asking = {
        ...authenticator,
        get waitsForUser() {
          return user.isAsked;
        },
      };
      return { verifier, authenticator: asking };
    };
    let reason: unknown;
    const target = toTarget({ alias: 'box', port, user: 'dana', keyFile: '/dev/null' });
    connectSsh2(target, { clock, log: silentLogger, gatekeepers }, signal).catch((error: unknown) => {
      reason = error;
    });
    await once(silent, 'connection');
    await clock.advance(3_600_000);
    assert.equal(reason, undefined);
    user.isAsked = false;
    await waitUntil('it is given up', async () => {
      await clock.advance(1_000);
      return reason !== undefined;
    });
    silent.close();
  });

  it('gives a terminal that knows its size and begins in a directory', async () => {
    const rig = await rigs.start();
    const transport = await connectTo(rig);
    const shell = await transport.shell({ dir: '/usr/bin', columns: 91, rows: 17 }, signal);
    let printed = '';
    const codes: (number | undefined)[] = [];
    shell.onDidPrint((piece) => {
      printed += piece;
    });
    shell.onDidEnd((code) => codes.push(code));
    shell.type('echo "in=$PWD size=$(stty size)"\n');
    await waitUntil('it answers', () => printed.includes('in=/usr/bin size=17 91'));
    shell.resize(120, 40);
    shell.type('echo "size=$(stty size)"; exit 5\n');
    await waitUntil('it has the new size', () => printed.includes('size=40 120'));
    await waitUntil('it ends', () => codes.length > 0);
    assert.deepEqual(codes, [5]);
    transport.dispose();
  });

  it('does not let errors that nobody reads hold a program up', async () => {
    const rig = await rigs.start();
    const { host, session } = await openRigHost(rig);
    const { stdout, stderr } = await host.run(
      ['sh', '-c', 'head -c 20000000 /dev/zero >&2; echo done'],
      signal,
    );
    assert.equal(stdout, 'done\n');
    assert.equal(stderr.length, 1024 * 1024);
    session.dispose();
  });

  it('asks and tells in one round trip', async () => {
    const rig = await rigs.start();
    const proxy = await rigs.proxy(rig, { latencyMs: 60 });
    const { host, session } = await openRigHost(behind(proxy, rig));
    await host.run(['true'], signal);
    const path = `${rig.home}/file`;
    // The quickest of three: a busy machine makes waiting longer, never shorter.
    const roundTrips = async (work: () => Promise<unknown>): Promise<number> => {
      let quickest = Infinity;
      for (let count = 0; count < 3; count++) {
        const began = performance.now();
        await work();
        quickest = Math.min(quickest, performance.now() - began);
      }
      return Math.floor(quickest / 120);
    };
    const counts = {
      write: await roundTrips(() =>
        host.writeFiles(
          [
            { path, content: 'text' },
            { path: `${path}2`, content: '' },
          ],
          signal,
        ),
      ),
      read: await roundTrips(() => host.readFrom(path, 0, signal)),
      piece: await roundTrips(() => host.readRange(path, { offset: -2, limit: 2 }, signal)),
      dirs: await roundTrips(() => host.makeDirs([`${rig.home}/a/b`, `${rig.home}/c`], signal)),
      run: await roundTrips(() => host.run(['cat'], signal, { stdin: 'text' })),
      // Opening a channel is one, the command another.
      start: await roundTrips(() => host.start(['true'], signal)),
    };
    assert.deepEqual(counts, { write: 1, read: 1, piece: 1, dirs: 1, run: 1, start: 2 });
    session.dispose();
  });

  it('leaves whole files or none when it is cut while they are written', async () => {
    const rig = await rigs.start();
    const proxy = await rigs.proxy(rig);
    const contents = ['a', 'b'].map((letter) => letter.repeat(300_000));
    const path = `${rig.home}/file`;
    for (const bytes of [20_000, 150_000, 290_000, 310_000, 330_000]) {
      const { host, session } = await openRigHost(behind(proxy, rig));
      await host.writeFile(path, contents[0] ?? '', signal);
      proxy.cutAfter(bytes);
      const outcome = await host.writeFile(path, contents[1] ?? '', signal).then(
        () => 'written',
        () => 'cut',
      );
      session.dispose();
      const found = readFileSync(path, 'utf8');
      assert.ok(contents.includes(found), `${found.length} bytes after ${bytes}`);
      if (outcome === 'written') assert.equal(found, contents[1]);
      proxy.cutAfter(Infinity);
    }
  });

  it('runs commands in few milliseconds', async () => {
    const rig = await rigs.start({ rc: 'sleep 0.2' });
    const { host, session } = await openRigHost(rig);
    await host.run(['true'], signal);
    const times: number[] = [];
    for (let count = 0; count < 100; count++) {
      const began = performance.now();
      await host.run(['true'], signal);
      times.push(performance.now() - began);
    }
    const median = times.sort((a, b) => a - b)[50] ?? Infinity;
    console.log(`      median ${median.toFixed(2)} ms`);
    assert.ok(median < 40, `median ${median} ms`);
    session.dispose();
  });
});

describe('A login shell', () => {
  const rigs = useSshd();
  const noise = {
    bash: 'echo "Welcome!"; printf "no line break" >&2; printf "nor here"',
    zsh: 'echo "Welcome!"; printf "no line break" >&2; printf "nor here"',
    tcsh: 'set echo\necho "Welcome\\!"\nprintf "nor here"',
    fish: 'echo "Welcome!"; printf "no line break" >&2; printf "nor here"',
  } as const;
  for (const [shell, rc] of Object.entries(noise)) {
    it(`may print what it likes before a command: ${shell}`, async () => {
      const rig = await rigs.start({ shell: shell as keyof typeof noise, rc });
      const { host, session } = await openRigHost(rig);
      const result = await host.run(['sh', '-c', 'echo out; echo err >&2'], signal);
      assert.deepEqual(result, { stdout: 'out\n', stderr: 'err\n', exitCode: 0 });
      const program = await host.start(['sh', '-c', 'echo out; echo err >&2'], signal);
      program.stdin.end();
      assert.deepEqual(await Promise.all([text(program.stdout), text(program.stderr)]), ['out\n', 'err\n']);
      session.dispose();
    });
  }

  it('that runs no command is named with what it said', async () => {
    const rig = await rigs.start({ rc: 'echo "This account is closed." >&2; exit 3' });
    const { host, session } = await openRigHost(rig);
    await assert.rejects(
      host.run(['true'], signal),
      (error) =>
        HsmError.is(error, 'host.refused') && error.message.includes('It printed: This account is closed.'),
    );
    session.dispose();
  });

  it('that is no shell at all is named with what it said', async () => {
    const rig = await rigs.start({ extraConfig: 'ForceCommand echo Only rsync is allowed.' });
    const { host, session } = await openRigHost(rig);
    await assert.rejects(host.start(['true'], signal), /It printed: Only rsync is allowed\./);
    session.dispose();
  });
});

function sha(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
