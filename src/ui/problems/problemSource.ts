/** Who says it, in the Problems panel. */
export const PROBLEM_SOURCE = 'HPC Sweep';
