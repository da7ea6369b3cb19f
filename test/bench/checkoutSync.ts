import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleProgram } from './bundle';
import type { Bench, Contender } from './contender';
import { measureCommand } from './measureCommand';
import { SshBenchHost } from './sshBenchHost';
import { far } from './sshTasks';
import { benchRoot } from './workDir';

/** A project and its clone on a host, and how many files were edited here. */
export interface Edited {
  readonly files: number;
  readonly changes: number;
}

const FILES_OF_A_FOLDER = 100;

/** Two copies of a project; every file has some lines. */
class Trees {
  readonly dir = mkdtempSync(join(benchRoot(), 'hsm-bench-'));
  readonly here = join(this.dir, 'here');
  readonly there = join(this.dir, 'there');

  constructor(edited: Edited) {
    for (let file = 0; file < edited.files; file += 1) {
      const path = join(this.here, this.path(file));
      if (file % FILES_OF_A_FOLDER === 0) mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, `print(${file})\n`.repeat(20));
    }
    const git = (...args: string[]): Buffer =>
      execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@example.org', ...args], {
        cwd: this.here,
      });
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    execFileSync('git', ['clone', '-q', '--no-hardlinks', this.here, this.there]);
    for (let change = 0; change < edited.changes; change += 1) {
      const file = Math.floor((change * edited.files) / edited.changes);
      appendFileSync(join(this.here, this.path(file)), 'print("edited")\n');
    }
    for (const dir of [this.here, this.there]) execFileSync('git', ['status'], { cwd: dir, stdio: 'ignore' });
  }

  /** The clone as it was before a push. */
  reset(): void {
    rmSync(join(this.there, '.hsm'), { recursive: true, force: true });
    rmSync(join(this.here, '.hsm'), { recursive: true, force: true });
    execFileSync('git', ['checkout', '-q', '-f', 'HEAD', '--', '.'], { cwd: this.there });
    execFileSync('git', ['status'], { cwd: this.there, stdio: 'ignore' });
  }

  private path(file: number): string {
    return `src/folder_${Math.floor(file / FILES_OF_A_FOLDER)}/file_${file}.py`;
  }
}

/** Compares, or pushes the edits, in several ways, over a connection that is there. */
export async function checkoutSyncBench(
  step: 'compare' | 'push',
  edited: Edited,
  latencyMs: number,
): Promise<Bench> {
  const host = await SshBenchHost.start(latencyMs);
  const trees = new Trees(edited);
  const program = await bundleProgram('syncProgram.ts');
  const ssh = host.ssh(true);
  const shared = execFileSync.bind(undefined, 'sh', ['-c', `${ssh} box true`]);
  shared();
  const command = (name: string, note: string, line: string, more: Partial<Contender> = {}): Contender => ({
    name,
    note,
    units: 1,
    ...more,
    run: () => {
      trees.reset();
      return measureCommand(['sh', '-c', line], trees.here);
    },
  });
  const product: Contender = {
    name: step === 'compare' ? 'the product, compare' : 'the product, push and compare again',
    note: 'a connection that is there',
    units: 1,
    run: async () => {
      trees.reset();
      const { here, there } = trees;
      const order = JSON.stringify({ host: host.reachable, here, there, step });
      const { output, ...measure } = await measureCommand(['node', program, order], trees.dir);
      const told = JSON.parse(output) as { wallMs: number; files: number; method: string };
      if (told.files !== edited.changes || told.method !== 'git')
        throw new Error(`not as expected: ${output}`);
      return { ...measure, wallMs: told.wallMs };
    },
  };
  const rsync = (flags: string): string =>
    `rsync ${flags} --exclude .git --exclude .hsm -e '${ssh}' ./ box:${trees.there}/ >/dev/null`;
  const peers =
    step === 'compare'
      ? [
          command('`git status` here', 'one side alone', 'git status --porcelain -uall >/dev/null'),
          command(
            '`git status` there, ControlMaster',
            'one side alone, with the round trip',
            `${ssh} box 'cd ${trees.there} && git status --porcelain -uall' >/dev/null`,
          ),
          // A comparison needs both at once. Here they share one machine's cores and memory; two machines would not, and then
          // the slower side alone and the round trip are what it can be measured by.
          command(
            '`git status` here and there at once, ControlMaster',
            'both sides at the same moment, on the cores that they share here',
            `${ssh} box 'cd ${trees.there} && git status --porcelain -uall' >/dev/null & git status --porcelain -uall >/dev/null; wait`,
          ),
          command(
            '`git fetch` from there, ControlMaster',
            'commits alone, of which there are no new ones',
            `GIT_SSH_COMMAND='${ssh}' git fetch -q --no-write-fetch-head box:${trees.there} HEAD`,
          ),
          command('`rsync -ani`, ControlMaster', 'by size and time', rsync('-ani'), { isReference: true }),
        ]
      : [
          command('`rsync -a`, ControlMaster', 'by size and time; no backups', rsync('-a'), {
            isReference: true,
          }),
          command(
            '`git stash create` and `git push`, ControlMaster',
            'objects only: no file there changes',
            `made=$(git -c user.name=b -c user.email=b@example.org stash create)
GIT_SSH_COMMAND='${ssh}' git push -q box:${trees.there} "\${made:-HEAD}:refs/bench/$$"`,
          ),
        ];
  const what = `${edited.files.toLocaleString('en')} files with ${edited.changes.toLocaleString('en')} edited`;
  return {
    name: `${step === 'compare' ? 'comparing' : 'pushing'} ${what} over SSH${far(latencyMs)}`,
    unit: step,
    contenders: [...peers, product],
    missing: [],
    dispose: () => {
      host.dispose();
      rmSync(trees.dir, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}
