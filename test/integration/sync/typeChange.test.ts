import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Backup } from '../../../src/core/sync/backup';
import { Copy, SOURCE, useCopies, verdicts, type Copies } from './copies';
import { DyingHost } from './dyingHost';

describe('syncing where a file became a folder, or a folder a file', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });
  const files = { 'train.py': '1\n', 'conf/a.yaml': 'lr: 1\n', 'data/sub/x': 'x\n' };
  const others = { push: 'there', pull: 'here' } as const;

  for (const git of ['both', 'none'] as const) {
    for (const direction of ['push', 'pull'] as const) {
      const deleted = direction === 'push' ? 'deletedHere' : 'deletedThere';
      const sides = (): [from: Copy, to: Copy] =>
        direction === 'push' ? [copies.here, copies.there] : [copies.there, copies.here];

      it(`brings the folder once the file's delete is chosen, and everything else meanwhile (${direction}, git: ${git})`, async () => {
        make({ git, files });
        await copies.compare();
        const [from, to] = sides();
        from.remove('conf/a.yaml').write('conf/a.yaml/x', '1').write('train.py', '2\n');
        const found = await copies.compare();
        assert.deepEqual(verdicts(found), {
          'conf/a.yaml': deleted,
          'conf/a.yaml/x': direction,
          'train.py': direction,
        });
        const first = await copies.sync[direction](SOURCE);
        assert.deepEqual(first.written, ['train.py']);
        await assert.rejects(
          copies.sync[direction](SOURCE, { files: ['conf/a.yaml/x'] }),
          /conf\/a\.yaml\/x needs the place of conf\/a\.yaml/,
        );
        await copies.compare();
        const choice = { files: ['conf/a.yaml', 'conf/a.yaml/x'] };
        const report = await copies.sync[direction](SOURCE, choice);
        assert.deepEqual([report.written, report.deleted], [['conf/a.yaml/x'], ['conf/a.yaml']]);
        assert.deepEqual(to.tree(), from.tree());
        assert.deepEqual(report.backup?.files, ['conf/a.yaml']);
        assert.equal(report.comparison?.inSync, true);
      });

      it(`brings the file once all deletes in the folder are chosen (${direction}, git: ${git})`, async () => {
        make({ git, files });
        await copies.compare();
        const [from, to] = sides();
        from.remove('data').write('data', 'now a file');
        assert.deepEqual(verdicts(await copies.compare()), { data: direction, 'data/sub/x': deleted });
        assert.deepEqual((await copies.sync[direction](SOURCE)).written, []);
        const report = await copies.sync[direction](SOURCE, { files: ['data', 'data/sub/x'] });
        assert.deepEqual(to.tree(), from.tree());
        assert.equal(report.comparison?.inSync, true);
      });

      it(`leaves a folder that has more than what was compared (${direction}, git: ${git})`, async () => {
        make({ git, files, exclude: ['*.log'] });
        await copies.compare();
        const [from, to] = sides();
        to.write('data/sub/deep/only.log', 'mine');
        from.remove('data').write('data', 'now a file');
        await copies.compare();
        const before = to.tree();
        await assert.rejects(
          copies.sync[direction](SOURCE, { files: ['data', 'data/sub/x'] }),
          /a folder .* that is not empty or not known: data\/sub\/deep\/only\.log\. Nothing was transferred/,
        );
        assert.deepEqual(to.tree(), before, others[direction]);
        to.remove('data/sub/x');
        await copies.compare();
        await assert.rejects(
          copies.sync[direction](SOURCE, { files: ['data'] }),
          /not known: data\. Nothing was transferred/,
        );
      });
    }
  }

  for (const direction of ['push', 'pull'] as const) {
    it(`brings commits that delete a folder first, and with the next press the file in its place (${direction})`, async () => {
      const { here, there } = make({ files });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      from.git('rm', '-rq', 'conf');
      from.git('commit', '-qm', 'without a folder');
      from.write('conf', 'now a file');
      await copies.compare();
      await assert.rejects(
        copies.sync[direction](SOURCE, { files: ['conf'], commits: true }),
        new RegExp(`conf needs the place of conf/a\\.yaml, which commits delete\\.$`),
      );
      const first = await copies.sync[direction](SOURCE);
      assert.deepEqual([first.commits, first.written], [1, []]);
      const second = await copies.sync[direction](SOURCE);
      assert.deepEqual(second.written, ['conf']);
      assert.deepEqual(to.tree(), from.tree());
      assert.equal(second.comparison?.inSync, true);
    });

    const become = async (): Promise<{ to: Copy; before: Record<string, string>; backup: Backup }> => {
      const { here, there } = make({ git: 'none', files: { ...files, 'data/y': 'y\n' } });
      const [from, to] = direction === 'push' ? [here, there] : [there, here];
      await copies.compare();
      const before = to.tree();
      from.remove('data').write('data', 'now a file').write('conf/a.yaml', 'lr: 2\n');
      await copies.compare();
      const all = { files: ['conf/a.yaml', 'data', 'data/sub/x', 'data/y'] };
      const { backup } = await copies.sync[direction](SOURCE, all, { agreed: 'everything' });
      assert.ok(backup);
      return { to, before, backup };
    };

    it(`puts a folder back where a file has its place, and keeps that file (${direction})`, async () => {
      const { to, before, backup } = await become();
      await copies.sync.restore(SOURCE, backup);
      assert.deepEqual(to.tree(), before);
      const [newest] = await copies.sync.backups(SOURCE);
      assert.deepEqual([...(newest?.files ?? [])].sort(), ['conf/a.yaml', 'data']);
      assert.equal(to.read(`.hsm/sync/backups/${newest?.id}/files/data`), 'now a file');
    });

    it(`puts nothing back where one of the files cannot be (${direction})`, async () => {
      const { to, backup } = await become();
      to.remove('data').write('data/y/mine', 'mine');
      const after = to.tree();
      await assert.rejects(
        copies.sync.restore(SOURCE, backup),
        /data\/y cannot be put back .*there is a folder in its place/,
      );
      assert.deepEqual(to.tree(), after);
    });
  }

  for (const perl of ['with Perl', 'without Perl'] as const) {
    it(`takes empty folders for none, and puts nothing back over a folder (${perl})`, async () => {
      const host = new DyingHost();
      const { here, there } = make({ files, host });
      if (perl === 'without Perl')
        host.bin = new Copy(join(here.dir, '..', 'bin')).write('perl', '#!/bin/sh\nexit 1\n', 0o755).dir;
      here.remove('data').write('data', 'now a file').remove('conf/a.yaml').write('conf/a.yaml/x', '1');
      there.write('data/sub/empty/x', 'x').remove('data/sub/empty/x');
      await copies.compare();
      const all = { files: ['conf/a.yaml', 'conf/a.yaml/x', 'data', 'data/sub/x'] };
      const { backup } = await copies.sync.push(SOURCE, all);
      assert.deepEqual(there.tree(), here.tree());
      assert.ok(backup);
      await assert.rejects(
        copies.sync.restore(SOURCE, backup, { files: ['conf/a.yaml'] }),
        /conf\/a\.yaml cannot be put back .*there is a folder in its place/,
      );
    });
  }
});
