import { strict as assert } from 'node:assert';
import { expandRemotePath } from '../../../../../src/adapters/ssh/remote/expandRemotePath';
import { parseFacts } from '../../../../../src/adapters/ssh/remote/remoteFacts';

const answer = [
  'clock 1790000001500000000',
  'home /home/ada lovelace',
  'user ada',
  'hostName login2',
  'system Linux',
  'machine x86_64',
  'loginShell /bin/tcsh',
  'tool:rsync /usr/bin/rsync',
  'tool:python3 /opt/py/bin/python3',
  'version:rsync rsync  version 3.2.7  protocol version 31',
  'version:tar tar (GNU tar) 1.34',
  'environment',
  'SCRATCH=/scratch/ada',
  'TEXT=first',
  'second=no, still the second line',
  '',
].join('\n');

describe('What is found out about a host', () => {
  it('is read from one answer', () => {
    const facts = parseFacts(answer, { askedMs: 1_790_000_000_000, roundTripMs: 100 });
    assert.equal(facts.home, '/home/ada lovelace');
    assert.deepEqual(facts.tools, { rsync: '/usr/bin/rsync', python3: '/opt/py/bin/python3' });
    assert.equal(facts.versions.rsync, 'rsync  version 3.2.7  protocol version 31');
    assert.equal(facts.tar, 'gnu');
    assert.equal(facts.clockOffsetMs, 1450);
    assert.equal(facts.env['SCRATCH'], '/scratch/ada');
  });

  it('has the clock to the second where the host knows no better', () => {
    for (const clock of ['1790000001', '1790000001N', '1790000001%N']) {
      const text = answer.replace(/^clock .*/, `clock ${clock}`);
      const facts = parseFacts(text, { askedMs: 1_790_000_001_400, roundTripMs: 0 });
      assert.equal(facts.clockOffsetMs, 100, clock);
    }
  });
});

describe('A path of the configuration on a host', () => {
  const facts = {
    home: '/home/ada',
    user: 'ada',
    env: { SCRATCH: '/scratch/ada lovelace', EMPTY: '', HOST: '$HOME' },
  };

  checkPath('~', '/home/ada');
  checkPath('~/.hsm', '/home/ada/.hsm');
  checkPath('/scratch/$USER/hsm', '/scratch/ada/hsm');
  checkPath('${SCRATCH}/a b', '/scratch/ada lovelace/a b');
  checkPath('/x/$HOST', '/x/$HOME');
  checkPath('work/../run', '/home/ada/run');
  checkPath("/it's $(id) `id` *", "/it's $(id) `id` *");
  checkPath('/a/~b', '/a/~b');

  it('is refused when it names what is not there', () => {
    assert.throws(() => expandRemotePath('$NOWHERE/x', facts), { code: 'input.invalid' });
    assert.throws(() => expandRemotePath('$EMPTY/x', facts), { code: 'input.invalid' });
    assert.throws(() => expandRemotePath('~grace/x', facts), { code: 'input.invalid' });
  });

  function checkPath(text: string, path: string): void {
    it(`written ${text} is ${path}`, () => {
      assert.equal(expandRemotePath(text, facts), path);
    });
  }
});
