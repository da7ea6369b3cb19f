import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resultsDir } from '../support/project';
import { Random } from '../support/simulation/random';
import { judge, type Sample, type Verdict } from './judge';
import { Load } from './load';
import { Meter } from './meter';

/** `npm run soak -- [--minutes N] [--seed N]`: mixed load for a while; ends with 1 when something grew or went wrong. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
  const minutes = Number(values.minutes ?? 30);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`Soak for ${minutes} minutes, seed ${seed}.`);
  const load = await Load.create(new Random(seed));
  const meter = new Meter(load, printSample);
  try {
    const end = performance.now() + minutes * 60_000;
    while (performance.now() < end) await load.runSweep();
  } finally {
    meter.dispose();
    await load.close();
  }
  const verdicts = judge(meter.samples);
  write({ minutes, seed, verdicts, samples: meter.samples });
  for (const verdict of verdicts) console.log(formatVerdict(verdict));
  // Fewer samples are no line.
  if (meter.samples.length < 6) console.log('Too short to judge: at least a minute is needed.');
  process.exitCode = meter.samples.length >= 6 && verdicts.every(({ flat }) => flat) ? 0 : 1;
}

function printSample(sample: Sample): void {
  const { atSec, rssMiB, heapMiB, openFiles, delayP99Ms, delayMaxMs, sweepsEnded, tasksEnded } = sample;
  console.log(
    `${String(atSec).padStart(5)} s  rss ${rssMiB.toFixed(0)} MiB  heap ${heapMiB.toFixed(1)} MiB  files ${openFiles}  ` +
      `loop p99 ${delayP99Ms.toFixed(1)} ms, max ${delayMaxMs.toFixed(0)} ms  ${sweepsEnded} sweeps, ${tasksEnded} attempts`,
  );
}

function formatVerdict({ measure, mean, growth, bound, flat }: Verdict): string {
  const how = flat ? 'flat' : 'NOT FLAT';
  return `${measure.padEnd(11)} ${how}: mean ${mean.toFixed(1)}, growth ${growth.toFixed(1)} (at most ${bound})`;
}

function write(report: object): void {
  mkdirSync(resultsDir, { recursive: true });
  const file = join(resultsDir, 'soak.json');
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(`Figures: ${file}`);
}

void main();
