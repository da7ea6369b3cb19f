import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { LocalHost } from '../../../src/adapters/host/localHost';
import { HsmError } from '../../../src/core/base/errors';
import { SharedHost } from '../../support/sshd/sharedHost';
import { frozen, makeCopies, needCopies, SOURCE, type Copies, type Copy } from './copies';

const PATHS = ['a', 'b.yaml', 'dir/c', 'dir/deep/d', "it's -e\n$(x)"] as const;
/** Two names that are also outside of the project: their files must not be taken for each other. */
const IN_FOLDER = [...PATHS.map((name) => `proj/${name}`), 'a', 'dir/c'] as const;

type Side = 'here' | 'there';

/** What people and the product do; a number says which of what there is. */
type Action =
  | { readonly kind: 'write'; readonly side: Side; readonly path: number; readonly text: number }
  | { readonly kind: 'remove'; readonly side: Side; readonly path: number }
  | { readonly kind: 'commit'; readonly side: Side }
  | { readonly kind: 'revert'; readonly side: Side; readonly path: number }
  | { readonly kind: 'compare' }
  | {
      readonly kind: 'push' | 'pull';
      readonly all: boolean;
      readonly confirmed: boolean;
      readonly commits: boolean;
      /** Between the look that it goes by and the transfer. */
      readonly meanwhile:
        'nothing' | 'lock' | { readonly side: Side; readonly path: number; readonly text: number };
    }
  | { readonly kind: 'restore'; readonly which: number };

const side = fc.constantFrom<Side>('here', 'there');
const path = fc.nat(IN_FOLDER.length - 1);

const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), side, path, text: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), side, path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const), side }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revert' as const), side, path }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('compare' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('push' as const, 'pull' as const),
      all: fc.boolean(),
      confirmed: fc.boolean(),
      commits: fc.boolean(),
      meanwhile: fc.oneof(
        { weight: 4, arbitrary: fc.constant('nothing' as const) },
        { weight: 1, arbitrary: fc.constant('lock' as const) },
        { weight: 2, arbitrary: fc.record({ side, path, text: fc.nat(6) }) },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), which: fc.nat(20) }) },
);

/**
 * Runs the actions and holds them to the promises: what existed on either side can be had back; a transfer that is refused
 * leaves both sides as they were, byte by byte.
 */
class Story {
  constructor(
    private readonly copies: Copies,
    private readonly withGit: boolean,
    /** Of the project in its repository. */
    private readonly folder: string,
  ) {}

  async run(action: Action): Promise<void> {
    const { copies } = this;
    switch (action.kind) {
      case 'write':
        copies[action.side].write(this.path(action), `text ${action.text} of ${this.path(action)}\n`);
        return;
      case 'remove':
        if (copies[action.side].read(this.path(action)) !== undefined)
          copies[action.side].remove(this.path(action));
        return;
      case 'commit':
        if (this.withGit) copies[action.side].commit();
        return;
      case 'revert':
        if (this.withGit) this.revert(copies[action.side], this.path(action));
        return;
      case 'compare':
        await copies.compare();
        return;
      case 'push':
      case 'pull':
        await this.prepare(action);
        await this.keepingAll(() => this.transfer(action), 'all or nothing');
        for (const copy of [copies.here, copies.there]) rmSync(join(copy.dir, LOCK), { force: true });
        return;
      case 'restore':
        await this.keepingAll(() => this.restore(action.which));
    }
  }

  private path({ path: which }: { readonly path: number }): string {
    const paths = this.folder === '.' ? PATHS : IN_FOLDER;
    return paths[which % paths.length] ?? 'a';
  }

  /** What happens between a look and the transfer that goes by it. */
  private async prepare({ kind, meanwhile }: Action & { kind: 'push' | 'pull' }): Promise<void> {
    if (meanwhile === 'nothing') return;
    const { here, there } = this.copies;
    await this.copies.compare();
    if (typeof meanwhile === 'object') await this.run({ kind: 'write', ...meanwhile });
    else if (this.withGit) (kind === 'push' ? there : here).write(LOCK, '');
  }

  private revert(copy: Copy, file: string): void {
    if (copy.git('ls-tree', '--name-only', 'HEAD', '--', `:(literal)${file}`) !== '')
      copy.git('checkout', 'HEAD', '--', `:(literal)${file}`);
  }

  private async transfer({
    kind,
    all,
    confirmed,
    commits,
  }: Action & { kind: 'push' | 'pull' }): Promise<void> {
    const { sync } = this.copies;
    const comparison = sync.remote(SOURCE)?.comparison;
    const files = all
      ? comparison?.files.filter(({ via }) => via === 'file').map(({ path: each }) => each)
      : undefined;
    const report = await sync[kind](
      SOURCE,
      { ...(files && { files, commits }) },
      { agreed: confirmed ? 'everything' : [] },
    );
    for (const written of report.written) {
      const at = join(this.folder, written);
      assert.equal(this.copies.here.read(at), this.copies.there.read(at), written);
    }
    for (const deleted of report.deleted) {
      const at = join(this.folder, deleted);
      assert.equal(this.copies.here.read(at) ?? this.copies.there.read(at), undefined, deleted);
    }
  }

  private frozen(): Record<string, string>[] {
    return [this.copies.here, this.copies.there].map(frozen);
  }

  private async restore(which: number): Promise<void> {
    const backups = await this.copies.sync.backups(SOURCE);
    const backup = backups[which % Math.max(1, backups.length)];
    if (backup) await this.copies.sync.restore(SOURCE, backup);
  }

  /** Refusals are fine; a loss is not. */
  private async keepingAll(step: () => Promise<void>, refused?: 'all or nothing'): Promise<void> {
    const before = { here: contentsOf(this.copies.here), there: contentsOf(this.copies.there) };
    const sides = this.withGit ? this.frozen() : undefined;
    try {
      await step();
    } catch (error) {
      if (!(error instanceof HsmError)) throw error;
      assert.ok(['sync.refused', 'input.invalid'].includes(String(error.code)), error.message);
      if (refused && this.withGit) assert.deepEqual(this.frozen(), sides, error.message);
    }
    for (const each of ['here', 'there'] as const) {
      const reachable = reachableOf(this.copies[each], this.withGit, this.folder);
      for (const [hash, name] of before[each])
        assert.ok(reachable.has(hash), `${each} lost a content of ${JSON.stringify(name)}`);
    }
    for (const copy of [this.copies.here, this.copies.there]) {
      assert.equal(copy.isLocked(this.folder), false);
      for (const left of ['pending', 'staging'])
        assert.equal(copy.exists(join(this.folder, '.hsm/sync', left)), false, left);
    }
  }
}

const LOCK = '.git/index.lock';

/** Contents of the files of a copy: hash of git → path. */
function contentsOf(copy: Copy, folder = '', found = new Map<string, string>()): Map<string, string> {
  for (const entry of readdirSync(join(copy.dir, folder), { withFileTypes: true })) {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name === '.git' || entry.name === '.hsm') continue;
    if (entry.isDirectory()) contentsOf(copy, file, found);
    else found.set(blobHash(join(copy.dir, file)), file);
  }
  return found;
}

function blobHash(file: string): string {
  const bytes = lstatSync(file).isSymbolicLink() ? Buffer.from(readlinkSync(file)) : readFileSync(file);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** What a person can get back on a side: files, backups, and what commits of any branch hold. */
function reachableOf(copy: Copy, withGit: boolean, folder: string): Set<string> {
  const backups = join(folder, '.hsm/sync/backups');
  const reachable = new Set(contentsOf(copy).keys());
  if (copy.exists(backups)) for (const hash of contentsOf(copy, backups).keys()) reachable.add(hash);
  if (withGit) {
    const listed = execFileSync('git', ['rev-list', '--all', '--objects'], { cwd: copy.dir }).toString();
    for (const line of listed.split('\n')) reachable.add(line.slice(0, 40));
  }
  return reachable;
}

describe('any edits on both sides and any syncs', function () {
  this.timeout(240_000);

  needCopies();

  // A checkout of this very machine is one run's, to compare with: the others are behind an sshd.
  for (const [kind, folder, where] of [
    ['both', '.', 'over SSH'],
    ['both', 'proj', 'over SSH'],
    ['none', '.', 'over SSH'],
    ['both', '.', 'without SSH'],
  ] as const) {
    it(`lose no content that either side had (git: ${kind}, project: ${folder}, ${where})`, async () => {
      const numRuns = Number(process.env['HSM_SYNC_RUNS'] ?? 6);
      const seed = Number(process.env['HSM_SYNC_SEED'] ?? 4711);
      const names = folder === '.' ? ['a', 'dir/c', 'b.yaml'] : ['a', 'dir/c', 'proj/a', 'proj/dir/c'];
      const files = Object.fromEntries(names.map((name) => [name, `first of ${name}\n`]));
      await fc.assert(
        fc.asyncProperty(fc.array(actions, { minLength: 6, maxLength: 14, size: 'max' }), async (story) => {
          const host = where === 'over SSH' ? new SharedHost() : new LocalHost();
          const copies = makeCopies({ git: kind, files, folder, host });
          try {
            const teller = new Story(copies, kind === 'both', folder);
            for (const action of story) await teller.run(action);
          } finally {
            copies.dispose();
          }
        }),
        { numRuns, seed, endOnFailure: process.env['HSM_SYNC_RUNS'] === undefined },
      );
    });
  }
});
