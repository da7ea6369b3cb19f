import { endedWith, printed, raised, type FailurePattern } from './failurePattern';

const SLURM_STATES = 'https://slurm.schedmd.com/sacct.html#SECTION_JOB-STATE-CODES';

/** What the engine, schedulers and their limits say. */
export const SCHEDULER_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'walltime',
    class: 'resource',
    matchers: [
      { in: 'reason', text: /\bTIMEOUT\b|\bDEADLINE\b/u },
      printed(/CANCELLED AT \S+ DUE TO TIME LIMIT/u),
      printed(/PBS: job killed: walltime (?<used>\d+) exceeded limit (?<limit>\d+)/u),
      printed(/TERM_RUNLIMIT: job killed after reaching LSF run time limit/u),
    ],
    explanation: 'The scheduler ended the job because it reached its time limit.',
    advice:
      'Ask for a longer walltime, or let the program save its state and go on from it in the next attempt.',
    remedy: 'time',
    source: SLURM_STATES,
  },
  {
    id: 'time-limit',
    class: 'resource',
    matchers: [{ in: 'reason', text: /\(run\.timeout\)|\(timeout\)/u }],
    explanation: 'The task ran longer than its time limit allows, and was ended.',
    advice:
      'Rerun it with a longer time limit if it only needs longer; run.timeout in the sweep file is that of the next sweeps. If it hung, its last lines show where.',
    remedy: 'time',
    source: 'https://slurm.schedmd.com/sbatch.html#OPT_time',
  },
  {
    id: 'preempted',
    class: 'infrastructure',
    matchers: [{ in: 'reason', text: /\bPREEMPTED\b/u }, printed(/CANCELLED AT \S+ DUE TO PREEMPTION/u)],
    explanation: 'The scheduler took the machine away for a job of higher priority.',
    advice:
      'Rerun it. Set run.retries to have that done by itself, or use a partition that is not preempted.',
    remedy: 'again',
    source: 'https://slurm.schedmd.com/preempt.html',
  },
  {
    id: 'node-failure',
    class: 'infrastructure',
    matchers: [
      { in: 'reason', text: /\bNODE_FAIL\b|\bBOOT_FAIL\b/u },
      printed(/CANCELLED AT \S+ DUE TO NODE FAILURE|job preempted \(node failure\)/u),
    ],
    explanation: 'The machine that ran the task failed.',
    advice: 'Rerun it. If it is always the same machine, exclude it and tell whoever runs the cluster.',
    remedy: 'host',
    source: SLURM_STATES,
  },
  {
    id: 'job-cancelled',
    class: 'infrastructure',
    matchers: [
      printed(
        /(?:JOB|STEP) \S+ ON \S+ CANCELLED AT \d\S*(?: \*\*\*|$)|Job deleted at request of (?<who>\S+)/u,
      ),
    ],
    explanation: 'Somebody, or a rule of the cluster, cancelled the job.',
    advice: 'If it was not you, ask who runs the cluster; then rerun it.',
    remedy: 'again',
    source: 'https://slurm.schedmd.com/scancel.html',
  },
  {
    id: 'interrupted',
    class: 'infrastructure',
    matchers: [
      raised(/^KeyboardInterrupt\b/u),
      endedWith(
        130,
        'Exit code 130 means, as shells count, that the program was interrupted (SIGINT). The output does not prove that.',
      ),
    ],
    explanation: 'The program was interrupted (SIGINT).',
    advice:
      'Nothing in this sweep sends that. A program that started it, or somebody on the machine, did. Rerun it.',
    remedy: 'again',
    source: 'https://man7.org/linux/man-pages/man7/signal.7.html',
  },
  {
    id: 'terminated',
    class: 'infrastructure',
    matchers: [{ in: 'end', codes: [143] }],
    explanation:
      'Exit code 143 means, as shells count, that the program was asked to end (SIGTERM): by a scheduler, a shutdown of the machine, or somebody there.',
    advice: 'Look whether the machine was restarted or a limit was reached, then rerun it.',
    remedy: 'again',
    source: 'https://man7.org/linux/man-pages/man7/signal.7.html',
  },
];
