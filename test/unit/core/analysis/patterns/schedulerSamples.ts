import { printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const SCHEDULER_SAMPLES: readonly PatternSample[] = [
  ...printedSamples(
    [
      [
        'walltime',
        `${GITHUB}/marbl/canu/issues/1214`,
        'Thread 04 processes reads 1056026-1075950\n=>> PBS: job killed: walltime 86415 exceeded limit 86400',
        'PBS: walltime 86400 requested, limit is 86400',
        'The scheduler ended the job because it reached its time limit.',
      ],
      [
        'preempted',
        `${GITHUB}/SystemsGenetics/GEMmaker/pull/242`,
        'slurmstepd: error: *** JOB 32391783 ON cn119 CANCELLED AT 2021-06-18T13:05:36 DUE TO PREEMPTION ***',
        'slurmstepd: error: *** STEP 63532.0 ON cn106 CANCELLED AT 2020-12-14T09:43:55 ***',
        'The scheduler took the machine away for a job of higher priority.',
      ],
      [
        'node-failure',
        `${GITHUB}/cBio/cbio-cluster/issues/188`,
        'job deleted\nJob deleted at request of root@mskcc-fe1.local\njob preempted (node failure)',
        'the node is marked as failed in the graph',
        'The machine that ran the task failed.',
      ],
      [
        'job-cancelled',
        `${GITHUB}/ai4d-iasc/trixie/issues/45`,
        'slurmstepd: error: *** STEP 63532.0 ON cn106 CANCELLED AT 2020-12-14T09:43:55 ***',
        'the order was CANCELLED AT 2020-12-14',
        'Somebody, or a rule of the cluster, cancelled the job.',
      ],
    ],
    143,
  ),
  ...raisedSamples([
    [
      'interrupted',
      'python3.11 under kill -INT',
      'KeyboardInterrupt',
      'RuntimeError: handler for KeyboardInterrupt is missing',
      'The program was interrupted (SIGINT).',
    ],
  ]),
  {
    id: 'walltime',
    from: 'https://slurm.schedmd.com/sacct.html (job state TIMEOUT)',
    stderr: 'epoch 7\n',
    exitCode: 0,
    reason: 'TIMEOUT',
    says: 'The scheduler ended the job because it reached its time limit.',
    nearMiss: { stderr: 'timeout 10 s for the download\n', exitCode: 1, reason: 'exit code 1' },
  },
  {
    id: 'time-limit',
    from: 'the engine',
    stderr: 'epoch 7\n',
    exitCode: 143,
    reason: 'ended by the time limit (run.timeout)',
    says: 'The task ran longer than its time limit allows, and was ended.',
    nearMiss: {
      stderr: 'epoch 7\n',
      exitCode: 143,
      reason: 'exit code 143, which often means killed by SIGTERM',
    },
  },
  {
    id: 'terminated',
    from: 'sh -c "kill -TERM $$"',
    stderr: 'epoch 7\n',
    exitCode: 143,
    says: 'Exit code 143 means, as shells count, that the program was asked to end (SIGTERM): by a scheduler, a shutdown of the machine, or somebody there.',
    nearMiss: { stderr: 'Terminated by the early stopping rule\n', exitCode: 1 },
  },
];
