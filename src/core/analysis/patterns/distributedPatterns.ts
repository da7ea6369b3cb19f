import { printed, raised, said, worded, type FailurePattern } from './failurePattern';

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
    id: 'nccl-out-of-memory',
    class: 'resource',
    matchers: said(/\bCuda failure (?:\d+ )?'out of memory'/u),
    explanation: 'NCCL, which connects the GPUs, could not get memory on the GPU.',
    advice:
      'Use a smaller batch, or a GPU with more memory: NCCL needs some beside what the program took. Look with nvidia-smi whether another process holds it.',
    remedy: 'memory',
    source: NCCL,
  },
  {
    id: 'nccl-error',
    class: 'infrastructure',
    matchers: [
      ...worded(said(/\b(?<error>nccl\w+Error)\b[\s\S]*\bLast error:\s*(?<why>[^\n]+)/u), {
        explanation: 'NCCL, which connects the GPUs, failed ({error}): {why}.',
      }),
      ...said(
        /\b(?<error>nccl(?:System|UnhandledCuda|Internal|Remote|Invalid\w*)Error)\b/u,
        /\bNCCL error in: [^,\n]*, (?<error>[\w ]+?)(?= \(|,|\n|$)/u,
        /\bNCCL error in: /u,
      ),
    ],
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
    id: 'pool-worker-gone',
    class: 'task',
    matchers: [raised(/\bBrokenProcessPool: /u), raised(/\bTerminatedWorkerError: /u)],
    explanation: 'A worker process of a pool ended abruptly. The exception does not tell why.',
    advice:
      'Often memory ran out and the system killed it, or compiled code crashed: look in the output before that, and in dmesg. Use fewer workers, or run it once with a single one.',
    source:
      'https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.process.BrokenProcessPool',
  },
  {
    id: 'torch-rendezvous',
    class: 'infrastructure',
    matchers: [
      ...said(
        /[Tt]he client socket has timed out after (?<waited>\d+ ?m?s) while trying to connect to \(?(?<address>[^)\s,]+(?:, \d+)?)\)?/u,
      ),
      ...worded(
        said(
          /Timed out after (?<waited>\d+ seconds) waiting for clients\. (?<came>\d+\/\d+) clients joined/u,
        ),
        {
          explanation: 'After {waited} only {came} of the processes had come together.',
        },
      ),
      ...worded([raised(/\bRendezvous(?:Timeout|Connection)Error\b/u)], {
        explanation: 'The processes of the task did not come together.',
      }),
    ],
    explanation: 'A process could not reach the first one at {address}, within {waited}.',
    advice:
      'Look whether the first process started, and ended by an error of its own. Else MASTER_ADDR and MASTER_PORT are wrong as seen from that machine, or a firewall is between them.',
    source: 'https://pytorch.org/docs/stable/elastic/rendezvous.html',
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
    id: 'mpi-daemon-lost',
    class: 'infrastructure',
    matchers: [
      printed(/\b(?:ORTE|PRTE) has lost communication with (?:a remote daemon|its daemon)/u),
      printed(/\bAn? (?:ORTE|PRTE) daemon has unexpectedly failed after launch/u),
    ],
    explanation: 'mpirun lost the connection to its daemon on another node.',
    advice:
      'Look whether that node was rebooted, ran out of memory or lost its network, then rerun it. If it happens at once, mpirun may not log in there, or a firewall is between the nodes.',
    remedy: 'again',
    source: OPEN_MPI,
  },
  {
    id: 'mpi-abort',
    class: 'task',
    matchers: [
      printed(/MPI_ABORT was invoked on rank (?<rank>\d+)/u),
      printed(/application called MPI_Abort\(.*\) - process (?<rank>\d+)/u),
    ],
    explanation: 'The program called MPI_Abort on rank {rank}, which ends all processes.',
    advice: 'It says why before that, in the output of that rank.',
    source: 'https://www.mpi-forum.org/docs/',
  },
];
