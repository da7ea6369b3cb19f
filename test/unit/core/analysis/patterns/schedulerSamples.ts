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
      ],
      [
        'preempted',
        `${GITHUB}/SystemsGenetics/GEMmaker/pull/242`,
        'slurmstepd: error: *** JOB 32391783 ON cn119 CANCELLED AT 2021-06-18T13:05:36 DUE TO PREEMPTION ***',
        'slurmstepd: error: *** STEP 63532.0 ON cn106 CANCELLED AT 2020-12-14T09:43:55 ***',
      ],
      [
        'node-failure',
        `${GITHUB}/cBio/cbio-cluster/issues/188`,
        'job deleted\nJob deleted at request of root@mskcc-fe1.local\njob preempted (node failure)',
        'the node is marked as failed in the graph',
      ],
      [
        'job-cancelled',
        `${GITHUB}/ai4d-iasc/trixie/issues/45`,
        'slurmstepd: error: *** STEP 63532.0 ON cn106 CANCELLED AT 2020-12-14T09:43:55 ***',
        'the order was CANCELLED AT 2020-12-14',
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
    ],
  ]),
  {
    id: 'walltime',
    from: 'https://slurm.schedmd.com/sacct.html (job state TIMEOUT)',
    stderr: 'epoch 7\n',
    exitCode: 0,
    reason: 'TIMEOUT',
    nearMiss: { stderr: 'timeout 10 s for the download\n', exitCode: 1, reason: 'exit code 1' },
  },
  {
    id: 'time-limit',
    from: 'the engine',
    stderr: 'epoch 7\n',
    exitCode: 143,
    reason: 'ended by the time limit (run.timeout)',
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
    nearMiss: { stderr: 'Terminated by the early stopping rule\n', exitCode: 1 },
  },
];
