import { printed, raised, said, type FailurePattern } from './failurePattern';

const NCCL = 'https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html';
const OPEN_MPI = 'https://docs.open-mpi.org/en/v5.0.x/launching-apps/scheduling.html';

/** What programs of several processes say: data loaders, NCCL, MPI, ports. */
export const DISTRIBUTED_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'nccl-timeout',
    class: 'infrastructure',
    matchers: said(
      /Watchdog caught collective operation timeout: WorkNCCL\(.*?OpType=(?<operation>\w+).*ran for (?<ms>\d+) milliseconds/u,
    ),
    explanation: 'A collective operation ({operation}) waited {ms} ms for a process that did not come.',
    advice:
      'Look in the output for the first process that failed or fell behind: the others only wait for it. If all are alive, one may be saving or loading alone; run it once with NCCL_DEBUG=INFO.',
    source: NCCL,
  },
  {
    id: 'nccl-error',
    class: 'infrastructure',
    matchers: said(
      /\b(?<error>nccl(?:System|UnhandledCuda|Internal|Remote|Invalid\w*)Error)\b|NCCL error in: /u,
    ),
    explanation: 'NCCL, which connects the GPUs, failed ({error}).',
    advice:
      'Run it once with NCCL_DEBUG=INFO and read the first WARN line. Usual reasons: a wrong network interface (NCCL_SOCKET_IFNAME), little shared memory in a container, another process that died first.',
    source: NCCL,
  },
  {
    id: 'dataloader-shared-memory',
    class: 'resource',
    matchers: [
      ...said(/dataloader's workers are out of shared memory|insufficient shared memory \(shm\)/u),
      raised(/DataLoader worker \(pid\(?s?\)? ?[\d, ]+\) is killed by signal: Bus error/u),
    ],
    explanation: 'The workers of the data loader used up the shared memory (/dev/shm).',
    advice:
      'Use fewer workers (num_workers), or give /dev/shm more room: in a container with --shm-size=8g or --ipc=host. df -h /dev/shm shows it.',
    remedy: 'memory',
    source: 'https://pytorch.org/docs/stable/multiprocessing.html#sharing-strategies',
  },
  {
    id: 'dataloader-worker-killed',
    class: 'resource',
    matchers: [raised(/DataLoader worker \(pid\(?s?\)? ?[\d, ]+\) is killed by signal: Killed/u)],
    explanation:
      'A worker process of the data loader was killed from outside. The usual reason is that the machine, or the job, ran out of memory.',
    advice:
      'Use fewer workers (num_workers) or smaller batches, or ask for more memory. The kernel log (dmesg) tells for certain.',
    remedy: 'memory',
    source: 'https://pytorch.org/docs/stable/data.html#multi-process-data-loading',
  },
  {
    id: 'dataloader-worker-gone',
    class: 'task',
    matchers: [
      raised(/DataLoader worker \(pid\(?s?\)? ?[\d, ]+\) (?:exited unexpectedly|is killed by signal)/u),
    ],
    explanation: 'A worker process of the data loader ended without a word.',
    advice: 'Run it once with num_workers=0: then its error shows in the main process.',
    source: 'https://pytorch.org/docs/stable/data.html#multi-process-data-loading',
  },
  {
    id: 'port-in-use',
    class: 'task',
    matchers: said(
      /\[?Errno 98\]?[ :-].*Address already in use|address already in use|EADDRINUSE|errno: 98 - Address already in use/iu,
    ),
    explanation: 'The task wanted to listen on a port that another process has.',
    advice:
      'Tasks of a sweep run side by side, so a fixed port (torchrun uses 29500) is taken by the first. Let the system choose: torchrun --standalone or --rdzv-endpoint=localhost:0, port 0 elsewhere.',
    source: 'https://pytorch.org/docs/stable/elastic/run.html',
  },
  {
    id: 'mpi-not-enough-slots',
    class: 'resource',
    matchers: [printed(/There are not enough slots available in the system to satisfy the/u)],
    explanation: 'mpirun was asked for more processes than it may start here.',
    advice:
      'Ask for fewer (-n), allow more per core (--use-hwthread-cpus, --oversubscribe), or ask the scheduler for as many tasks as processes.',
    source: OPEN_MPI,
  },
  {
    id: 'mpi-bad-termination',
    class: 'task',
    matchers: [printed(/BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES/u)],
    explanation: 'One of the MPI processes ended abnormally, and the others were ended with it.',
    advice:
      'The lines after that name the rank and its exit code: 9 is a kill (often by lack of memory), 11 a crash. Look for what that rank wrote before.',
    source:
      'https://www.intel.com/content/www/us/en/docs/mpi-library/developer-guide-linux/current/troubleshooting.html',
  },
  {
    id: 'mpi-abort',
    class: 'task',
    matchers: [
      printed(
        /MPI_ABORT was invoked on rank (?<rank>\d+)|application called MPI_Abort\(.*\) - process (?<process>\d+)/u,
      ),
    ],
    explanation: 'The program called MPI_Abort on rank {rank}{process}, which ends all processes.',
    advice: 'It says why before that, in the output of that rank.',
    source: 'https://www.mpi-forum.org/docs/',
  },
];
