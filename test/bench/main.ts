import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkoutSyncBench } from './checkoutSync';
import type { Bench } from './contender';
import { engineMemoryBench } from './engineMemory';
import { expansionBench } from './expansion';
import { groupFailuresBench, largeStderrBench } from './failures';
import { localTasksBench } from './localTasks';
import { currentLoad, describeMachine } from './machine';
import { readCsvBench, readEventsBench } from './readMetrics';
import { reattachBench } from './reattach';
import { formatTable, toFigures, type Figures } from './report';
import { resultsPageBench } from './resultsPage';
import { runRounds } from './rounds';
import { scheduleBench } from './schedule';
import { sshCollectionBench } from './sshCollection';
import { sshStatusBench } from './sshStatus';
import { sshFirstTaskBench, sshTasksBench } from './sshTasks';
import { wholeEngineBench } from './wholeEngine';

/** `npm run bench -- [--quick] [--only NAME] [--rounds N]`: tables on stdout, all figures in bench-results/. */
const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
  },
});

const tasks = options.quick ? 400 : 10_000;
const many = options.quick ? 2_000 : 100_000;
const rounds = Number(options.rounds ?? (options.quick ? 2 : 5));

/** Half of the round trip: what lies between a desk and a cluster on another continent, half the way. */
const FAR_MS = 25;

/** By the name that `--only` takes. */
const BENCHES: Readonly<Record<string, () => Promise<Bench> | Bench>> = {
  'tasks-2': () => localTasksBench(tasks, 2),
  'tasks-8': () => localTasksBench(tasks, 8),
  expansion: () => expansionBench(options.quick ? 5 : 10),
  memory: () => engineMemoryBench(many),
  'memory-1m': () => engineMemoryBench(10 * many),
  engine: () => wholeEngineBench(many),
  reattach: () => reattachBench(tasks, 1),
  'reattach-50': () => reattachBench(options.quick ? 100 : 1_000, options.quick ? 5 : 50),
  failures: () => groupFailuresBench(options.quick ? 1_000 : 10_000),
  'failures-large': () => largeStderrBench(1_024),
  'read-csv': () => readCsvBench(options.quick ? 20_000 : 1_000_000),
  'read-events': () => readEventsBench(options.quick ? 20_000 : 500_000),
  'results-page': () => resultsPageBench(options.quick ? 1_000 : 10_000, 200),
  'results-page-large': () => resultsPageBench(options.quick ? 2_000 : 100_000, 20),
  'schedule-speeds': () => scheduleBench({ hosts: 'unequal', work: 'equal', count: 50, tasks: many }),
  'schedule-tails': () => scheduleBench({ hosts: 'unequal', work: 'tailed', count: 50, tasks: many }),
  'ssh-tasks': () => sshTasksBench(options.quick ? 400 : 2_000, 0),
  'ssh-tasks-far': () => sshTasksBench(options.quick ? 400 : 2_000, FAR_MS),
  'ssh-first': () => sshFirstTaskBench(options.quick ? 50 : 2_000, 0),
  'ssh-first-far': () => sshFirstTaskBench(options.quick ? 50 : 2_000, FAR_MS),
  'ssh-status': () => sshStatusBench(),
  'ssh-small': () => sshCollectionBench({ files: options.quick ? 1_000 : 10_000 }, 0),
  'ssh-small-far': () => sshCollectionBench({ files: options.quick ? 1_000 : 10_000 }, FAR_MS),
  'ssh-large': () => sshCollectionBench({ mebibytes: options.quick ? 64 : 1_024 }, 0),
  'ssh-large-far': () => sshCollectionBench({ mebibytes: options.quick ? 16 : 256 }, FAR_MS),
  ...Object.fromEntries(
    (['compare', 'push'] as const).flatMap((step) =>
      [1_000, options.quick ? 5_000 : 100_000].flatMap((files, size) =>
        [0, 10, 1_000].flatMap((changes) =>
          [0, FAR_MS].map((latencyMs) => [
            `sync-${step}-${size === 0 ? '1k' : '100k'}-${changes}${latencyMs === 0 ? '' : '-far'}`,
            () => checkoutSyncBench(step, { files, changes }, latencyMs),
          ]),
        ),
      ),
    ),
  ),
  'schedule-equal': () => scheduleBench({ hosts: 'equal', work: 'tailed', count: 50, tasks: many }),
};

interface Outcome {
  readonly bench: string;
  readonly rounds: number;
  readonly load: { readonly before: number; readonly after: number };
  readonly figures: readonly Figures[];
  readonly runs: Readonly<Record<string, readonly unknown[]>>;
  readonly missing: readonly string[];
}

async function runBench(bench: Bench): Promise<Outcome> {
  const before = currentLoad();
  const series = await runRounds(bench, rounds, (text) => {
    console.error(text);
  }).finally(() => bench.dispose?.());
  const figures = toFigures(series);
  const load = { before, after: currentLoad() };
  console.log(formatTable(bench, figures));
  console.log(`Medians of ${rounds} rounds; load ${load.before} before, ${load.after} after.\n`);
  const runs = Object.fromEntries(series.map((one) => [one.contender.name, one.runs]));
  return { bench: bench.name, rounds, load, figures, runs, missing: bench.missing };
}

async function writeOutcomes(outcomes: readonly Outcome[]): Promise<string> {
  const dir = join(import.meta.dirname, '../../bench-results');
  await mkdir(dir, { recursive: true });
  const takenAt = new Date().toISOString();
  const file = join(dir, `bench-${takenAt.replace(/[:.]/gu, '-')}.json`);
  const content = { takenAt, quick: options.quick, machine: describeMachine(), outcomes };
  await writeFile(file, `${JSON.stringify(content, undefined, 2)}\n`);
  return file;
}

async function main(): Promise<void> {
  const chosen = Object.entries(BENCHES).filter(
    ([name]) => options.only === undefined || name === options.only,
  );
  if (chosen.length === 0) {
    console.error(
      `There is no bench "${options.only ?? ''}". There are: ${Object.keys(BENCHES).join(', ')}.`,
    );
    process.exitCode = 2;
    return;
  }
  const outcomes: Outcome[] = [];
  for (const [, make] of chosen) outcomes.push(await runBench(await make()));
  console.error(`All figures: ${await writeOutcomes(outcomes)}`);
}

void main();
