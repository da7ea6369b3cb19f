import { COMMAND_PATTERNS } from './commandPatterns';
import { CONFIG_PATTERNS } from './configPatterns';
import { DISTRIBUTED_PATTERNS } from './distributedPatterns';
import type { FailurePattern } from './failurePattern';
import { GPU_PATTERNS } from './gpuPatterns';
import { MEMORY_PATTERNS } from './memoryPatterns';
import { NETWORK_PATTERNS } from './networkPatterns';
import { PYTHON_PATTERNS } from './pythonPatterns';
import { SCHEDULER_PATTERNS } from './schedulerPatterns';
import { SYSTEM_PATTERNS } from './systemPatterns';
import { TRAINING_PATTERNS } from './trainingPatterns';

/**
 * Every kind of failure that is understood. Where two match the same words, the earlier one wins: what is more special
 * stands before what is more general.
 */
export const FAILURE_PATTERNS: readonly FailurePattern[] = [
  ...GPU_PATTERNS,
  ...DISTRIBUTED_PATTERNS,
  ...SCHEDULER_PATTERNS,
  ...CONFIG_PATTERNS,
  ...TRAINING_PATTERNS,
  ...PYTHON_PATTERNS,
  ...NETWORK_PATTERNS,
  ...COMMAND_PATTERNS,
  ...SYSTEM_PATTERNS,
  ...MEMORY_PATTERNS,
];
