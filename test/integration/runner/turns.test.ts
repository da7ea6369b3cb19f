import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellsHere } from '../../support/shells';
import { makeTempDir } from '../../support/tempDir';
import { projectDir } from '../../support/project';

const turns = join(projectDir, 'src/adapters/direct/turns.sh');

for (const shell of shellsHere()) {
  describe(`the length of a turn, in ${shell.name}`, () => {
    let dir: ReturnType<typeof makeTempDir>;
    let program: string;

    beforeEach(() => {
      dir = makeTempDir();
      program = shell.path(dir.path);
    });

    afterEach(() => {
      dir.dispose();
    });

    it('does not begin when the slot comes free in the moment of a pause', () => {
      assert.equal(enter(''), 'begun');
      assert.equal(enter('mkdir "$hsm_dir/pause"'), 'left');
      assert.equal(enter('mkdir -p "$hsm_dir/off/1"'), 'left');
      assert.equal(enter('hsm_terminated=1'), 'left');
    });

    /** What a lane does that gets its slot while something else happens. */
    function enter(meanwhile: string): string {
      const run = mkdtempSync(join(dir.path, 'run'));
      const script = [
        '. "$1"',
        'hsm_dir=$2 hsm_slot=1 hsm_rooms=slot.1',
        `hsm_get() { ${meanwhile || 'true'}; }`,
        'hsm_leave() { echo left; exit; }',
        'hsm_begin_turn() { echo begun; }',
        'hsm_enter 1.1',
      ].join('\n');
      return execFileSync(program, ['-c', script, 'sh', turns, run], { encoding: 'utf8' }).trim();
    }

    it('is two seconds for a slot that was not waited for long', () => {
      check({ waitedMs: undefined, inLine: 0 }, 2_000);
      check({ waitedMs: 100, inLine: 0 }, 2_000);
      check({ waitedMs: 3_999, inLine: 0 }, 2_000);
    });

    it('is the share of the time that was waited for it', () => {
      check({ waitedMs: 3_600_000, inLine: 0 }, 1_800_000);
      check({ waitedMs: 3_600_000, inLine: 1 }, 1_200_000);
      check({ waitedMs: 3_600_000, inLine: 4 }, 600_000);
    });

    function check(
      { waitedMs, inLine }: { waitedMs: number | undefined; inLine: number },
      expectedMs: number,
    ): void {
      const shared = join(dir.path, `slots ${waitedMs ?? ''} ${inLine}`);
      mkdirSync(shared);
      for (let place = 1; place <= inLine; place++) writeFileSync(join(shared, `wait.slot.1.${place}`), '');
      const script = [
        'hsm_now() { hsm_t=9000000; }',
        '. "$1"',
        `hsm_asked_at=${waitedMs === undefined ? '' : 9_000_000 - waitedMs}`,
        'hsm_room=slot.1 hsm_shared=$2',
        'hsm_begin_turn 8>/dev/null',
        'echo $((hsm_due - hsm_t))',
      ].join('\n');
      const printed = execFileSync(program, ['-c', script, 'sh', turns, shared], {
        encoding: 'utf8',
      });
      assert.equal(Number(printed), expectedMs);
    }
  });
}
