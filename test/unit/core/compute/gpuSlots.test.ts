import assert from 'node:assert/strict';
import { allowedGpus, parseNvidiaSmi, planSlots } from '../../../../src/core/compute/gpuSlots';
import { parseConfig } from '../../../../src/core/project/config';
import { vectorGroup } from '../sweep/vectors';

interface AllowVector {
  readonly config: null | number | readonly number[] | boolean;
  readonly detected: readonly number[];
  readonly out?: readonly number[];
}
interface SlotVector {
  readonly allowed: readonly number[];
  readonly gpus_per_job: number;
  readonly cpu_slots: number;
  readonly slots: readonly (readonly number[] | null)[];
  readonly ours?: string;
}
interface SmiVector {
  readonly in: string;
  readonly out: readonly { readonly index: number; readonly free?: boolean }[];
}

describe('GPUs that nvidia-smi reports', () => {
  for (const { in: csv, out } of vectorsOf('nvidia_smi_csv') as SmiVector[]) {
    it(`${JSON.stringify(csv)} are ${JSON.stringify(out)}`, () => {
      const gpus = parseNvidiaSmi(csv);
      assert.deepEqual(
        gpus.map(({ index }) => index),
        out.map(({ index }) => index),
      );
      out.forEach(({ free }, position) => {
        if (free !== undefined) assert.equal(gpus[position]?.free, free);
      });
    });
  }

  it('keep their name and numbers', () => {
    assert.deepEqual(parseNvidiaSmi('1, Tesla, the big one, 12, 40960, 0\n'), [
      { index: 1, name: 'Tesla, the big one', usedMiB: 12, totalMiB: 40960, utilization: 0, free: true },
    ]);
  });
});

describe('GPUs that do not tell whether somebody works on them', () => {
  for (const row of [
    '0, NVIDIA A100, 10, 40960, [N/A]',
    '0, NVIDIA GB10, [N/A], [N/A], 0',
    '0, NVIDIA A100, [Unknown Error], [Unknown Error], [GPU requires reset]',
  ]) {
    it(`are there, but not free: ${row}`, () => {
      const [gpu] = parseNvidiaSmi(row);
      assert.equal(gpu?.free, false);
    });
  }
});

describe('GPUs that tasks may use', () => {
  for (const { config, detected, out } of vectorsOf('gpu_allowlist') as AllowVector[]) {
    it(`${JSON.stringify(config)} of ${JSON.stringify(detected)}: ${JSON.stringify(out) || 'refused'}`, () => {
      if (typeof config === 'boolean') {
        const { problems } = parseConfig(`sources: { a: { type: local, gpus: ${String(config)} } }`);
        assert.deepEqual(
          problems.map(({ code }) => code),
          ['bad-value'],
        );
        return;
      }
      const gpus = detected.map((index) => ({ index, free: true }));
      assert.deepEqual(allowedGpus(config ?? undefined, gpus), out);
    });
  }

  it('are not those that somebody works on, unless a list names them', () => {
    const detected = [
      { index: 0, free: false },
      { index: 1, free: true },
      { index: 2, free: true },
    ];
    assert.deepEqual(allowedGpus(undefined, detected), [1, 2]);
    assert.deepEqual(allowedGpus(1, detected), [1]);
    assert.deepEqual(allowedGpus([0, 2, 0], detected), [0, 2]);
  });
});

describe('Slots with GPUs', () => {
  for (const vector of vectorsOf('gpu_slots') as SlotVector[]) {
    const { allowed, gpus_per_job: perTask, cpu_slots: cpuSlots, slots, ours } = vector;
    // The vector without GPUs and CPU slots falls under the same rule as its neighbour, which says `ours`.
    const refused = ours !== undefined || (perTask > 0 && allowed.length < perTask);
    it(`${JSON.stringify(allowed)}, ${String(perTask)} for each task: ${refused ? 'refused' : JSON.stringify(slots)}`, () => {
      const plan = planSlots(allowed, perTask, cpuSlots);
      if (refused) assert.equal(plan.kind, 'impossible');
      else assert.deepEqual(plan, { kind: 'slots', slots: slots.map((slot) => slot ?? []) });
    });
  }

  it('are at least one for tasks without GPUs', () => {
    assert.deepEqual(planSlots([], 0, 0), { kind: 'slots', slots: [[]] });
  });

  it('say what is missing when there are too few', () => {
    assert.deepEqual(planSlots([3], 2, 4), {
      kind: 'impossible',
      reason: 'Each task needs 2 GPUs, but only 1 may be used. Tasks are not run without.',
    });
  });
});

function vectorsOf(group: string): readonly unknown[] {
  return (vectorGroup(group) as { vectors: readonly unknown[] }).vectors;
}
