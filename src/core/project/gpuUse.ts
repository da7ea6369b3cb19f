import { planSlots } from '../compute/gpuSlots';
import type { GpuUse } from '../facade';
import type { SourceConfig } from './sourceConfig';
import type { SweepSession } from './sweepSession';

/**
 * The tasks of a sweep that run on a source's graphics cards now. Which card a slot has follows from the configuration
 * that the sweep was started with.
 */
export function gpuUse(session: SweepSession, source: string): GpuUse[] {
  if (session.state.isOver) return [];
  const { sources, tasks } = session.state;
  const index = sources.indexOf(source);
  const groups = index < 0 ? [] : gpusBySlot(session, source);
  if (groups.length === 0) return [];
  const use: GpuUse[] = [];
  for (const task of tasks.inState('running')) {
    if (tasks.sourceOf(task) !== index) continue;
    for (const gpu of groups[tasks.slotOf(task) - 1] ?? []) use.push({ gpu, sweepId: session.id, task });
  }
  return use;
}

/** Empty where tasks get no card. */
function gpusBySlot(session: SweepSession, source: string): readonly (readonly number[])[] {
  const manifest = session.sources.find(({ name }) => name === source);
  if (manifest?.type !== 'local' && manifest?.type !== 'ssh') return [];
  const { gpus, gpusPerTask = 1 } = manifest.config as unknown as Partial<SourceConfig> & {
    readonly gpusPerTask?: number;
  };
  if (typeof gpus !== 'object' || gpusPerTask === 0) return [];
  const plan = planSlots(gpus, gpusPerTask, 1);
  return plan.kind === 'slots' ? plan.slots : [];
}
