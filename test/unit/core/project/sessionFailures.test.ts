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

/** A sweep of which the first `failed` tasks failed, on one source. */
class FakeSweep {
  readonly stderr = new Map<number, string>();
  readonly failures: SessionFailures;
  /** Tasks whose stderr was read. */
  readonly reads: number[] = [];
  private readonly state = new SweepSnapshot({ total: TOTAL, sources: ['box'], retries: 0, lost: 'ask' });

  constructor(failed: number, type: SourceType) {
    const numbers = Array.from({ length: TOTAL }, (_, index) => index + 1);
    this.submit(numbers, 1);
    for (const task of numbers) this.end(task, 1, task <= failed ? 1 : 0);
    const { state } = this;
    const session = {
      state,
      manifest: { sources: [{ name: 'box', type }] },
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
      readTail: (file: string) => Promise.resolve(this.tail(file)),
      readText: () => Promise.resolve(undefined),
      list: () => Promise.resolve([]),
      exists: () => Promise.resolve(false),
    };
    const ports = { files, path: path.posix, projectDir: '/project' } as unknown as ProjectPorts;
    this.failures = new SessionFailures(session, ports, (task) => Promise.resolve(this.details(task)));
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
    return this.stderr.get(Number(number));
  }

  private details(task: number): TaskDetails {
    const dir = `/out/tasks/${task}`;
    return {
      ...summarizeTask(this.state, task),
      sweepId: 's1',
      parameters: {},
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
    await sweep.failures.groups();
    assert.deepEqual(sweep.reads, [1, 2]);
    sweep.reads.length = 0;
    const titles = (await sweep.failures.groups()).map(({ title }) => title);
    assert.deepEqual(sweep.reads, [1]);
    assert.match(titles.join(), /boom 2/);
  });

  it('on this machine that said nothing are not read again', async () => {
    const sweep = sweepOf(2, 'local', '');
    await sweep.failures.groups();
    await sweep.failures.groups();
    assert.deepEqual(sweep.reads, [1, 2]);
  });
});
