import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/clock/systemClock';
import { SSHComputeSource } from '../../src/adapters/remote/sshComputeSource';
import { silentLogger } from '../../src/core/base/logger';
import type { SweepContext } from '../../src/core/compute/computeSource';
import type { SshSourceConfig } from '../../src/core/project/sourceConfig';
import { openRigHost } from '../support/sshd/rigHost';
import { TcpProxy } from '../support/sshd/proxy';
import { startSshd, type SshdRig } from '../support/sshd/sshd';
import { waitUntil } from '../support/waitUntil';
import type { Bench, Contender } from './contender';

const POLLS = 50;
const { signal } = new AbortController();

/** Asks a host for news of a sweep while more and more of its tasks run. Notes tell bytes and round trips of one poll. */
export async function sshStatusBench(): Promise<Bench> {
  const sweep = await RunningSweep.start();
  return {
    name: 'one look at a sweep on a host over SSH',
    unit: 'look',
    contenders: [
      sweep.looks('1 task runs, no news', 1, 'quiet'),
      sweep.looks('10,000 tasks run, no news', 10_000, 'quiet'),
      sweep.looks('10,000 tasks run, one has ended', 10_000, 'news'),
      sweep.looks('10,000 tasks run, with a look for dead processes', 10_000, 'probe'),
      sweep.looks('10,000 tasks run, found again by a new process', 10_000, 'again'),
    ],
    missing: [],
    dispose: () => sweep.dispose(),
  };
}

/** What is asked: what came since the last look, that and whether processes are gone, or all from the beginning. */
type Question = 'quiet' | 'news' | 'probe' | 'again';

/**
 * A sweep whose one task sleeps on a host. That so many run is written into its log as the runner would: so many
 * processes would be another bench.
 */
class RunningSweep {
  private tasks = 1;

  private constructor(
    private readonly rig: SshdRig,
    private readonly proxy: TcpProxy,
    private readonly source: SSHComputeSource,
    private readonly events: string,
    private readonly end: () => void,
  ) {}

  static async start(): Promise<RunningSweep> {
    const rig = await startSshd({ alias: 'box' });
    const proxy = await TcpProxy.start(rig.port);
    const { alias, user, keyFile } = rig;
    const { host, session } = await openRigHost({ alias, user, keyFile, port: proxy.port });
    const dir = mkdtempSync(join(tmpdir(), 'hsm-bench-'));
    const context: SweepContext = {
      sweepId: 'bench',
      projectDir: join(dir, 'project'),
      sweepDir: join(dir, 'sweep'),
      env: {},
      setup: [],
    };
    for (const each of [context.projectDir, context.sweepDir]) mkdirSync(each);
    writeFileSync(join(context.projectDir, 'train.py'), '');
    const source = new SSHComputeSource({
      name: 'box',
      host,
      config: { type: 'ssh', host: 'box', root: '~/.hsm', code: 'snapshot' } as SshSourceConfig,
      projectId: 'bench',
      slots: 2,
      clock: systemClock,
      log: silentLogger,
    });
    const { tasksDir } = await source.setup(context, signal);
    const task = { task: 1, attempt: 1, name: 'task_00001', argv: ['sleep', '600'], env: {}, paramsYaml: '' };
    await source.submit('000001', [task], signal);
    const events = join(tasksDir, '..', 'run', 'events');
    await waitUntil('the task runs', () => readFileSync(events, 'utf8').includes('|S 1 1'));
    return new RunningSweep(rig, proxy, source, events, () => {
      session.dispose();
      rmSync(dir, { recursive: true, force: true });
    });
  }

  looks(name: string, tasks: number, question: Question): Contender {
    let told = '';
    return {
      name,
      units: POLLS,
      get note() {
        return told;
      },
      run: async () => {
        this.grow(tasks);
        let { cursor } = await this.source.status(undefined, false, signal);
        let wallMs = 0;
        const before = this.proxy.traffic;
        for (let poll = 0; poll < POLLS; poll += 1) {
          if (question === 'news') appendFileSync(this.events, `|E ${2 + poll} 1 0 ${Date.now()} - .\n`);
          const begin = performance.now();
          const from = question === 'again' ? undefined : cursor;
          ({ cursor } = await this.source.status(from, question === 'probe', signal));
          wallMs += performance.now() - begin;
        }
        const after = this.proxy.traffic;
        const per = (key: 'up' | 'down' | 'turns') =>
          ((after[key] - before[key]) / POLLS).toFixed(key === 'turns' ? 1 : 0);
        told = `${per('up')} bytes there, ${per('down')} bytes back, ${per('turns')} round trips, encryption included`;
        return { wallMs };
      },
    };
  }

  async dispose(): Promise<void> {
    await this.source.cleanup();
    this.end();
    this.proxy.dispose();
    this.rig.dispose();
  }

  /** Lets so many tasks run, as far as the log tells. */
  private grow(tasks: number): void {
    const line =
      readFileSync(this.events, 'utf8')
        .split('\n')
        .find((each) => each.startsWith('|S 1 1')) ?? '';
    const lines: string[] = [];
    for (; this.tasks < tasks; this.tasks += 1) lines.push(line.replace('|S 1 1', `|S ${this.tasks + 1} 1`));
    if (lines.length > 0) appendFileSync(this.events, `${lines.join('\n')}\n`);
  }
}
