import { printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const DISTRIBUTED_SAMPLES: readonly PatternSample[] = [
  ...raisedSamples([
    [
      'nccl-error',
      `${GITHUB}/hkproj/pytorch-transformer-distributed/issues/1`,
      'torch.distributed.DistBackendError: NCCL error in: ../torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:1333, unhandled system error (run with NCCL_DEBUG=INFO for details), NCCL version 2.18.6\nncclSystemError: System call (e.g. socket, malloc) or external library call failed or device error. \nLast error:\nsocketStartConnect: Connect to 192.168.19.14<52822> failed : No route to host',
      'ValueError: backend must be one of gloo, nccl',
    ],
    [
      'dataloader-shared-memory',
      `${GITHUB}/facebookresearch/mmf/issues/441`,
      "RuntimeError: DataLoader worker (pid 263230) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory. Please try to raise your shared memory limit.",
      'RuntimeError: DataLoader worker (pid 263230) is killed by signal: Segmentation fault.',
    ],
    [
      'dataloader-worker-killed',
      `${GITHUB}/hezhangsprinter/DCPDN/issues/12`,
      'RuntimeError: DataLoader worker (pid 19597) is killed by signal: Killed.',
      'RuntimeError: DataLoader worker (pid 23616) is killed by signal: Terminated.',
    ],
    [
      'dataloader-worker-gone',
      `${GITHUB}/THU-DA-6D-Pose-Group/GDR-Net/issues/16`,
      'RuntimeError: DataLoader worker (pid(s) 3216) exited unexpectedly',
      'RuntimeError: Caught RuntimeError in DataLoader worker process 0.',
    ],
    [
      'port-in-use',
      `${GITHUB}/xdit-project/mochi-xdit/issues/22`,
      'RuntimeError: The server socket has failed to listen on any local network address. port: 29500, useIpv6: 0, code: -98, name: EADDRINUSE, message: address already in use',
      'ValueError: the e-mail address is already used',
    ],
  ]),
  ...printedSamples([
    [
      'nccl-timeout',
      `${GITHUB}/hiyouga/LlamaFactory/issues/7396`,
      '[rank0]:[E321 02:07:08.408271257 ProcessGroupNCCL.cpp:607] [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1580, OpType=ALLREDUCE, NumelIn=466119168, NumelOut=466119168, Timeout(ms)=600000) ran for 600060 milliseconds before timing out.',
      '[rank0]: Watchdog thread started, timeout 600000 ms',
    ],
    [
      'mpi-not-enough-slots',
      `${GITHUB}/SPECFEM/specfem3d_globe/issues/600`,
      'There are not enough slots available in the system to satisfy the 64 slots\nthat were requested by the application:\n  ./bin/meshfem3D\n\nEither request fewer slots for your application, or make more slots available\nfor use.',
      'There are not enough slots on this page',
    ],
    [
      'mpi-bad-termination',
      `${GITHUB}/bsc-performance-tools/extrae/issues/101`,
      '=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES\n=   RANK 6 PID 2447372 RUNNING AT node0009\n=   KILLED BY SIGNAL: 9 (Killed)\n===================================================================================',
      'bad termination character in line 3',
    ],
    [
      'mpi-abort',
      `${GITHUB}/UCL/hemelb/issues/4`,
      'MPI_ABORT was invoked on rank 0 in communicator MPI_COMM_WORLD \nwith errorcode -1.\n\nNOTE: invoking MPI_ABORT causes Open MPI to kill all MPI processes.',
      'MPI_ABORT is not supported by this build',
    ],
  ]),
];
