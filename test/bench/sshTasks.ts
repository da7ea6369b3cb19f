import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleProgram } from './bundle';
import type { Bench, Contender, Measure } from './contender';
import { gridText } from './gridText';
import { hasProgram } from './machine';
import { measureCommand } from './measureCommand';
import { SshBenchHost } from './sshBenchHost';
import { withWorkDir } from './workDir';

const SLOTS = 2;

/** Runs so many tasks that do nothing on a host over SSH, two at a time, in several ways. */
export async function sshTasksBench(tasks: number, latencyMs: number): Promise<Bench> {
  const host = await SshBenchHost.start(latencyMs);
  const cli = await bundleProgram('../../src/cli.ts');
  const hasParallel = hasProgram('parallel');
  const few = Math.ceil(tasks / 50);
  return {
    name: `${tasks.toLocaleString('en')} tasks that do nothing on a host over SSH, ${SLOTS} at a time${far(latencyMs)}`,
    unit: 'task',
    contenders: [
      shell(
        '`ssh` in a loop',
        few,
        'a connection for each task; nothing is recorded',
        `seq ${few} | xargs -P ${SLOTS} -I{} ${host.ssh(false)} box true {}`,
      ),
      shell(
        '`ssh` in a loop, ControlMaster',
        few,
        'a connection that is there, a session for each task; nothing is recorded',
        `seq ${few} | xargs -P ${SLOTS} -I{} ${host.ssh(true)} box true {}`,
      ),
      ...(hasParallel ? [gnuParallel(Math.ceil(tasks / 10), host)] : []),
      commandLine(tasks, cli, host),
    ],
    missing: hasParallel ? [] : ['GNU parallel: `apt-get install parallel`'],
    dispose: () => {
      host.dispose();
      return Promise.resolve();
    },
  };
}

/** The time from the start of a command until the first of many tasks runs on the host. */
export async function sshFirstTaskBench(tasks: number, latencyMs: number): Promise<Bench> {
  const host = await SshBenchHost.start(latencyMs);
  const cli = await bundleProgram('../../src/cli.ts');
  const stamp = join(host.home, 'stamps');
  const task = join(host.home, 'stamp.sh');
  await writeFile(task, `#!/bin/sh\ndate +%s%N >>${stamp}\n`, { mode: 0o755 });
  const first = (name: string, note: string, start: (dir: string) => Promise<unknown>): Contender => ({
    name,
    note,
    units: 1,
    run: async () => {
      await writeFile(stamp, '');
      return withWorkDir(async (dir) => {
        const begin = Date.now();
        await start(dir);
        const [line = ''] = readFileSync(stamp, 'utf8').split('\n');
        return { wallMs: Number(line) / 1e6 - begin };
      });
    },
  });
  const sh = (line: string) => (dir: string) => measureCommand(['sh', '-c', line], dir);
  const some = Math.min(tasks, 20);
  return {
    name: `from the start to the first of ${tasks.toLocaleString('en')} tasks on a host over SSH${far(latencyMs)}`,
    unit: 'start',
    contenders: [
      { ...first('`ssh`', 'one task', sh(`${host.ssh(false)} box ${task}`)), isLimit: true },
      ...(hasProgram('parallel')
        ? [
            {
              ...first('GNU parallel', 'with new connections', sh(parallelLine(some, host.ssh(false), task))),
              isReference: true,
            },
          ]
        : []),
      first('`hsm run`', 'checks the host, copies the code, hands all tasks over', (dir) =>
        runSweep(dir, tasks, [task, '{a}', '{b}'], cli, host),
      ),
    ],
    missing: [],
    dispose: () => {
      host.dispose();
      return Promise.resolve();
    },
  };
}

export function far(latencyMs: number): string {
  return latencyMs === 0 ? '' : `, ${latencyMs} ms away`;
}

function shell(name: string, units: number, note: string, line: string): Contender {
  const whole = `${note}; measured over ${units} tasks`;
  return {
    name,
    units,
    note: whole,
    run: () => withWorkDir((dir) => measureCommand(['sh', '-c', line], dir)),
  };
}

function parallelLine(tasks: number, ssh: string, command: string): string {
  const login = `--ssh '${ssh}' --sshlogin ${SLOTS}/box`;
  return `seq ${tasks} | parallel --will-cite ${login} --joblog joblog --results results ${command} {}`;
}

function gnuParallel(tasks: number, host: SshBenchHost): Contender {
  return {
    name: 'GNU parallel `--sshlogin`, ControlMaster',
    note: `\`--joblog --results\`; measured over ${tasks} tasks, its time per task hardly depends on their number`,
    units: tasks,
    isReference: true,
    run: () =>
      withWorkDir(async (dir) => {
        const measure = await measureCommand(['sh', '-c', parallelLine(tasks, host.ssh(true), 'true')], dir);
        const rows = readFileSync(join(dir, 'joblog'), 'utf8').trim().split('\n').length - 1;
        if (rows !== tasks) throw new Error(`GNU parallel ran ${rows} of ${tasks} tasks`);
        return measure;
      }),
  };
}

function commandLine(tasks: number, cli: string, host: SshBenchHost): Contender {
  return {
    name: '`hsm run`',
    note: 'the whole product: starts Node, logs in, checks the host, copies the code, runs, follows, collects every task’s files, compares them by hash; journal, exit codes, results.csv',
    units: tasks,
    run: () => withWorkDir((dir) => runSweep(dir, tasks, ['/bin/true', '{a}', '{b}'], cli, host)),
  };
}

async function runSweep(
  dir: string,
  tasks: number,
  argv: readonly string[],
  cli: string,
  host: SshBenchHost,
): Promise<Measure> {
  await mkdir(join(dir, 'sweeps'));
  await mkdir(join(dir, '.hsm'));
  await writeFile(
    join(dir, '.hsm/config.yaml'),
    `sources: { box: { type: ssh, host: box, slots: ${SLOTS} } }\n`,
  );
  await writeFile(join(dir, 'sweeps/nothing.yaml'), gridText(tasks, [...argv]));
  const command = [
    'env',
    `HOME=${host.home}`,
    'node',
    cli,
    'run',
    'sweeps/nothing.yaml',
    '--source',
    'box',
    '--json',
  ];
  const measure = await measureCommand(command, dir);
  const last = measure.output.trim().split('\n').at(-1) ?? '';
  const { succeeded } = JSON.parse(last) as { succeeded: number };
  if (succeeded !== tasks) throw new Error(`hsm run: ${succeeded} of ${tasks} tasks succeeded: ${last}`);
  return measure;
}
