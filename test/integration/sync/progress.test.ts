import assert from 'node:assert/strict';
import { SOURCE, useCopies, type Copies } from './copies';

const KIB = 1024;

describe('the progress of a transfer', function () {
  this.timeout(60_000);
  let copies: Copies;
  const make = useCopies((made) => {
    copies = made;
  });

  /** What is told while it goes on. */
  async function tellingsOf(direction: 'push' | 'pull'): Promise<{ texts: string[]; fractions: number[] }> {
    const texts: string[] = [];
    const fractions: number[] = [];
    const listener = copies.sync.onDidChange(() => {
      const { text, fraction } = copies.sync.remote(SOURCE)?.progress ?? {};
      if (text !== undefined && text !== texts.at(-1)) texts.push(text);
      if (fraction !== undefined && /^(Sending|Fetching) .* files/.test(text ?? '')) fractions.push(fraction);
    });
    try {
      await copies.sync[direction](SOURCE);
    } finally {
      listener.dispose();
    }
    return { texts, fractions };
  }

  for (const direction of ['push', 'pull'] as const) {
    it(`tells of a ${direction} how many files and bytes are over`, async () => {
      const { here, there } = make({ git: 'none' });
      const from = direction === 'push' ? here : there;
      await copies.compare();
      for (const name of ['a', 'b', 'c']) from.write(name, 'x'.repeat(700 * KIB));
      from.write('empty', '');
      await copies.compare();
      const { texts, fractions } = await tellingsOf(direction);
      const verb = direction === 'push' ? 'Sending' : 'Fetching';
      assert.equal(texts[0], `${verb} 0 of 4 files, 0 B of 2.1 MiB`);
      assert.ok(texts.includes(`${verb} 4 of 4 files, 2.1 of 2.1 MiB`), texts.join('\n'));
      assert.ok(
        texts.some((text) => text.startsWith('Writing ')),
        texts.join('\n'),
      );
      assert.deepEqual(
        fractions,
        [...fractions].sort((a, b) => a - b),
      );
      assert.equal(fractions.at(-1), 1);
    });
  }

  it('tells of commits how much they are', async () => {
    const { here } = make();
    here.write('train.py', 'two\n').commit();
    await copies.compare();
    const { texts } = await tellingsOf('push');
    assert.match(texts.join('\n'), /^Sending commits, (\d+) of \1 B$/m);
  });
});
