import assert from 'node:assert/strict';
import * as path from 'node:path';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';
import type { TaskDetails } from '../../../../src/core/facade';
import type { ProjectPorts } from '../../../../src/core/project/projectPorts';
import { SessionFailures } from '../../../../src/core/project/sessionFailures';
import type { SweepSession } from '../../../../src/core/project/sweepSession';
import { summarizeTask } from '../../../../src/core/project/taskPresentation';
import type { SourceType } from '../../../../src/core/compute/computeSource';

const TOTAL = 12;
/** What a task has said whose stderr cannot be read. */
const UNREADABLE = 'unreadable';
/** And one whose stderr cannot even be looked at. */
const LOOPING = 'looping';

/** A sweep of which the first `failed` tasks failed, on one source. */
class FakeSweep {
  readonly stderr = new Map<number, string>();
  readonly failures: SessionFailures;
  /** Tasks whose stderr was read. */
  readonly reads: number[] = [];
  /** Tasks whose files were looked at, without reading them. */
  readonly looks: number[] = [];
  readonly home = new Set<number>();
  readonly logged: string[] = [];
  private readonly state = new SweepSnapshot({ total: TOTAL, sources: ['box'], retries: 0, lost: 'ask' });

  constructor(failed: number, type: SourceType) {
    const numbers = Array.from({ length: TOTAL }, (_, index) => index + 1);
    this.submit(numbers, 1);
    for (const task of numbers) this.end(task, 1, task <= failed ? 1 : 0);
    const { state } = this;
    const session = {
      state,
      sources: [{ name: 'box', type, config: { env: { DB_PASSWORD: 'tru5tno1' } } }],
      tasks: ({ states }: { states: readonly string[] }) =>
        numbers.map((task) => summarizeTask(state, task)).filter((task) => states.includes(task.state)),
      store: {
        // eslint-disable-next-line @typescript-eslint/require-await -- as the store is
        async *allTasks() {
          for (const number of numbers)
            yield { number, parameters: new Map([['lr', number <= failed ? 30 : number]]) };
        },
      },
    } as unknown as SweepSession;
    const files = {
      readTail: (file: string) =>
        new Promise((resolve) => {
          resolve(this.tail(file));
        }),
      stat: (file: string) =>
        new Promise((resolve) => {
          resolve(this.stampOf(file));
        }),
      readText: () => Promise.resolve(undefined),
      list: () => Promise.resolve([]),
      exists: () => Promise.resolve(false),
    };
    const log = { error: (line: string) => this.logged.push(line) };
    const environment = { WANDB_API_KEY: 'here5only' };
    const parts = { files, path: path.posix, projectDir: '/project', log, environment };
    const ports = parts as unknown as ProjectPorts;
    this.failures = new SessionFailures({
      session,
      ports,
      detailsOf: (task) => Promise.resolve(this.details(task)),
      isHome: (task) => this.home.has(task),
    });
  }

  /** Runs a task again, and it ends so. */
  again(task: number, attempt: number, exitCode: number): void {
    this.submit([task], attempt);
    this.end(task, attempt, exitCode);
  }

  private stampOf(file: string): { size: number; modifiedMs: number } | undefined {
    const [, number] = /tasks\/(\d+)\/stderr\.log$/.exec(file) ?? [];
    if (number === undefined) return undefined;
    this.looks.push(Number(number));
    const text = this.stderr.get(Number(number));
    if (text === LOOPING) throw new Error('ELOOP: too many symbolic links encountered');
    return text === undefined ? undefined : { size: text.length, modifiedMs: 1 };
  }

  private submit(tasks: readonly number[], attempt: number): void {
    this.state.apply({
      kind: 'submitting',
      at: 0,
      source: 'box',
      token: `t${attempt}`,
      tasks: tasks.map((task) => [task, task, attempt]),
    });
  }

  private end(task: number, attempt: number, exitCode: number): void {
    const record = { kind: 'ended', task, attempt, exitCode, atMs: 1_000 * task } as const;
    this.state.apply({ kind: 'observed', at: 0, source: 'box', cursor: '', records: [record] });
  }

  private tail(file: string): string | undefined {
    const [, number] = /tasks\/(\d+)\/stderr\.log$/.exec(file) ?? [];
    if (number === undefined) return undefined;
    this.reads.push(Number(number));
    const said = this.stderr.get(Number(number));
    if (said === UNREADABLE || said === LOOPING) throw new Error('EACCES: permission denied');
    return said;
  }

  private details(task: number): TaskDetails {
    const dir = `/out/tasks/${task}`;
    return {
      ...summarizeTask(this.state, task),
      sweepId: 's1',
      parameters: { 'api.token': 'abcdef123456789' },
      argv: [],
      dir,
      stdout: `${dir}/stdout.log`,
      stderr: `${dir}/stderr.log`,
    };
  }
}

function sweepOf(failed: number, type: SourceType, said = 'boom 1\n'): FakeSweep {
  const sweep = new FakeSweep(failed, type);
  for (let task = 1; task <= failed; task += 1) sweep.stderr.set(task, said);
  return sweep;
}

describe('the failures of a sweep', () => {
  it('are read once, grouped, and compared with the other tasks', async () => {
    const sweep = sweepOf(6, 'local');
    const [group] = await sweep.failures.groups();
    assert.deepEqual(group?.tasks, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual([group.firstAtMs, group.lastAtMs], [1_000, 6_000]);
    assert.match(JSON.stringify(group.sharedParameters), /"lr"/);
    await sweep.failures.groups();
    assert.deepEqual(sweep.reads, [1, 2, 3, 4, 5, 6]);
  });

  it('on another machine are read again while nothing of them is here', async () => {
    const sweep = sweepOf(2, 'ssh', '');
    await sweep.failures.groups();
    sweep.stderr.set(2, 'boom 2\n');
    sweep.reads.length = 0;
    const titles = (await sweep.failures.groups()).map(({ title }) => title);
    assert.deepEqual(sweep.reads, [2]);
    assert.match(titles.join(), /boom 2/);
  });

  it('on another machine are read again when more of them has come', async () => {
    const sweep = sweepOf(2, 'ssh', '/x.py:1: UserWarning: old\n');
    const before = await sweep.failures.groups();
    sweep.stderr.set(2, '/x.py:1: UserWarning: old\nValueError: bad\n');
    sweep.reads.length = 0;
    sweep.failures.recheck([1, 2]);
    const after = await sweep.failures.groups();
    assert.deepEqual(sweep.reads, [2], 'the one that changed');
    assert.deepEqual([before.length, after.length], [1, 2]);
    assert.match(after.map(({ title }) => title).join(), /ValueError: bad/);
    sweep.looks.length = 0;
    assert.equal(await sweep.failures.groups(), after, 'the same object while nothing changes');
    assert.deepEqual(sweep.looks, [], 'and no file is looked at');
  });

  it('on another machine are not looked at again once everything is home', async () => {
    const sweep = sweepOf(2, 'ssh', '');
    sweep.home.add(1);
    await sweep.failures.groups();
    sweep.looks.length = 0;
    sweep.failures.recheck();
    await sweep.failures.groups();
    assert.deepEqual(sweep.looks, [2]);
  });

  it('are listed with the tasks that they are of now, also where as many fail as before', async () => {
    const sweep = sweepOf(3, 'local');
    sweep.stderr.set(4, 'boom 1\n');
    assert.deepEqual((await sweep.failures.groups())[0]?.tasks, [1, 2, 3]);
    sweep.again(1, 2, 0);
    sweep.again(4, 2, 1);
    assert.deepEqual((await sweep.failures.groups())[0]?.tasks, [2, 3, 4]);
  });

  it('are told apart by what an attempt said, also where the same tasks fail again', async () => {
    const sweep = sweepOf(2, 'local');
    await sweep.failures.groups();
    sweep.stderr.set(1, 'other words\n');
    sweep.again(1, 2, 1);
    assert.equal((await sweep.failures.groups()).length, 2);
  });

  it('of which one cannot be analysed are told all the same', async () => {
    const sweep = sweepOf(3, 'local');
    sweep.stderr.set(2, UNREADABLE);
    for (let look = 0; look < 2; look += 1) {
      const groups = await sweep.failures.groups();
      assert.deepEqual(
        groups.map(({ tasks }) => tasks),
        [[1, 3], [2]],
      );
      assert.match(groups[1]?.title ?? '', /^exit code 1; its output could not be analysed: EACCES/);
    }
    assert.equal(sweep.logged.length, 1, 'told once in the log');
    assert.match((await sweep.failures.failure(2)).title, /could not be analysed/);
  });

  it('of which one cannot be looked at are told all the same, also at the next look', async () => {
    const sweep = sweepOf(3, 'ssh');
    sweep.stderr.set(2, LOOPING);
    for (let look = 0; look < 2; look += 1) {
      const groups = await sweep.failures.groups();
      assert.deepEqual(
        groups.map(({ tasks }) => tasks),
        [[1, 3], [2]],
      );
      sweep.failures.recheck();
    }
  });

  it('on this machine that said nothing are not read again', async () => {
    const sweep = sweepOf(2, 'local', '');
    await sweep.failures.groups();
    await sweep.failures.groups();
    assert.deepEqual(sweep.reads, [1, 2]);
  });

  it('tell no secret of their parameters and environment, wherever it was printed', async () => {
    const said = 'cannot log in with tru5tno1, abcdef123456789, here5only\n';
    const titleOf = async (type: SourceType): Promise<string> =>
      (await sweepOf(1, type, said).failures.failure(1)).title;
    assert.match(await titleOf('local'), /with \[redacted\], \[redacted\], \[redacted\]$/);
    assert.match(await titleOf('ssh'), /with \[redacted\], \[redacted\], here5only$/, 'it is not there');
  });
});
