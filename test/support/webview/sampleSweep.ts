import type { SweepHead } from '../../../src/core/results/page/protocol';
import { buildResultTable } from '../../../src/core/results/buildResultTable';
import type { ResultRow, ResultTable } from '../../../src/core/results/resultTable';
import type { TaskSeries } from '../../../src/core/results/resultSource';

export const sampleHead: SweepHead = {
  id: 'sweep_1',
  name: 'lr',
  status: 'running · 118 of 120 tasks are over · 4 failed',
  isOver: false,
  mayRun: true,
};

/** A sweep as people run them: five parameters, three seeds, some failures, one diverged task. */
export function sampleTable(tasks = 120): ResultTable {
  const table = buildResultTable(Array.from({ length: tasks }, (_, index) => sampleRow(index)));
  return {
    ...table,
    metrics: table.metrics.map((column) => ({
      ...column,
      lows: column.numbers.map((value) => value * 0.8),
      highs: column.numbers.map((value) => value * 1.3),
    })),
    origins: [{ file: 'metrics.csv', how: 'found', tasks }],
  };
}

function sampleRow(index: number): ResultRow {
  const lr = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2][index % 5] ?? 0;
  const width = [64, 128, 256, 512][Math.floor(index / 5) % 4] ?? 0;
  const seed = (Math.floor(index / 20) % 3) + 1;
  const optimizer = ['adam', 'sgd'][Math.floor(index / 60) % 2] ?? '';
  const dropout = ((index * 37) % 50) / 100;
  const noise = (((index * 7919) % 101) / 101 - 0.5) * 0.04;
  const accuracy =
    0.95 -
    0.06 * Math.abs(Math.log10(lr) + 2.8) -
    0.05 * Math.abs(Math.log2(width) - 8) -
    0.1 * dropout +
    (optimizer === 'adam' ? 0.03 : 0) +
    noise;
  const hasFailed = index % 31 === 30;
  return {
    number: index + 1,
    state: hasFailed ? 'failed' : index >= 118 && index < 120 ? 'running' : 'succeeded',
    parameters: {
      'optimizer.lr': lr,
      'model.width': width,
      'optimizer.name': optimizer,
      dropout,
      seed,
      epochs: 40,
    },
    metrics: hasFailed
      ? {}
      : { epoch: 40, val_acc: accuracy, train_loss: 1.1 - accuracy + noise / 2, val_loss: 1.2 - accuracy },
  };
}

export function sampleSeries(table: ResultTable, metric: string, tasks: readonly number[]): TaskSeries[] {
  const column = table.metrics.find(({ name }) => name === metric);
  return tasks.flatMap((task) => {
    const last = column?.numbers[task - 1] ?? NaN;
    if (Number.isNaN(last)) return [];
    const xs = Float64Array.from({ length: 40 }, (_, step) => (step + 1) * 50);
    const isLoss = metric.includes('loss');
    const ys = xs.map((_, step) => {
      const wobble = Math.sin(task * 13 + step * 1.7) * 0.02;
      const approach = Math.exp(-step / 9);
      return isLoss
        ? last + approach * (1.5 + (task % 7) / 10) + wobble * approach
        : last * (1 - approach * 0.8) + wobble;
    });
    return [{ task, xs, ys }];
  });
}
