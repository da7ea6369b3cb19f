import { spawn, type ChildProcess } from 'node:child_process';
import { errorText } from '../../core/base/errors';
import type { SweepContext, TaskSpec } from '../../core/compute/computeSource';
import type { OutputFiles } from './attemptFiles';

/** What the start of a task's process needs. */
export interface Launch {
  readonly spec: TaskSpec;
  readonly context: SweepContext;
  /** The task's directory, absolute. */
  readonly taskDir: string;
  readonly slot: number;
  /** The GPUs of the slot; empty: not pinned. */
  readonly gpus: readonly number[];
  readonly outputs: OutputFiles;
}

/**
 * Starts a task's program as a process that outlives this one. Returns the error that is known at once, e.g. a NUL in
 * an argument; others come as the child's event.
 */
export function spawnTask(launch: Launch): ChildProcess | Error {
  const { spec, context, outputs } = launch;
  const [program = '', ...args] = spec.argv;
  try {
    return spawn(program, args, {
      cwd: context.projectDir,
      env: environmentOf(launch),
      stdio: ['ignore', outputs.stdout, outputs.stderr],
      // In a group, or on Windows a console, of its own: it outlives this process and can be ended with its children.
      detached: true,
      windowsHide: true,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(errorText(error));
  }
}

function environmentOf({ spec, context, taskDir, slot, gpus }: Launch): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...context.env,
    ...(gpus.length > 0 && { CUDA_VISIBLE_DEVICES: gpus.join(','), CUDA_DEVICE_ORDER: 'PCI_BUS_ID' }),
    ...spec.env,
    HSM_SWEEP_ID: context.sweepId,
    HSM_TASK: String(spec.task),
    HSM_ATTEMPT: String(spec.attempt),
    HSM_TASK_DIR: taskDir,
    HSM_SLOT: String(slot),
  };
}
