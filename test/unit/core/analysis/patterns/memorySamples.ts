import { printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const MEMORY_SAMPLES: readonly PatternSample[] = [
  ...raisedSamples([
    [
      'python-memory-error',
      'numpy 2',
      'numpy._core._exceptions._ArrayMemoryError: Unable to allocate 72.8 TiB for an array with shape (10000000, 1000000) and data type float64',
      'ValueError: Unable to allocate 3 tasks for an array job',
      'Python could not get the memory that it asked for (72.8 TiB).',
    ],
    [
      'allocation-refused',
      'python3.11, mmap',
      'OSError: [Errno 12] Cannot allocate memory',
      'ValueError: cannot allocate the budget',
      'The system refused to give the program more memory.',
    ],
    [
      'recursion-limit',
      'python3.11',
      'RecursionError: maximum recursion depth exceeded',
      'RuntimeError: recursion in the graph',
      'A function called itself too often.',
    ],
  ]),
  ...printedSamples([
    [
      'job-out-of-memory',
      `${GITHUB}/nextflow-io/nextflow/issues/5932`,
      'slurmstepd: error: Detected 1 oom_kill event in StepId=11300781.0. Some of the step tasks have been OOM Killed.\nsrun: error: sdumont6156: task 0: Out Of Memory',
      'detector: 1 event in the room',
      'The scheduler ended the job because it used more memory than it had asked for.',
    ],
    [
      'java-out-of-memory',
      'Java 17, -Xmx50m',
      'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n\tat Train.main(Train.java:2)',
      'Exception in thread "main" java.lang.IllegalStateException: memory is not set\n\tat Train.main(Train.java:2)',
      'The Java virtual machine ran out of memory: "Java heap space".',
    ],
    [
      'address-sanitizer',
      'gcc 12, -fsanitize=address',
      '==11241==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60200000001c at pc 0x55c467c9057a bp 0x7ffc6b1d0c60 sp 0x7ffc6b1d0c58\nWRITE of size 1 at 0x60200000001c thread T0\n    #0 0x55c467c90579 in main /tmp/prov/c/t.c:15\n\nSUMMARY: AddressSanitizer: heap-buffer-overflow /tmp/prov/c/t.c:15 in main',
      'error: the address could not be sanitized',
      'AddressSanitizer found a memory error: "heap-buffer-overflow".',
    ],
  ]),
  ...printedSamples(
    [
      [
        'cpp-out-of-memory',
        'g++ 12',
        "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\nAborted",
        "terminate called after throwing an instance of 'std::runtime_error'\n  what():  bad allocation table",
        'A C++ program could not get the memory that it asked for.',
      ],
      [
        'cpp-exception',
        'g++ 12',
        "terminate called after throwing an instance of 'std::runtime_error'\n  what():  learning rate is negative\nAborted",
        'terminate called without an active exception',
        'A C++ exception of type "std::runtime_error" was not caught.',
      ],
      [
        'heap-corrupted',
        'glibc 2.36',
        'free(): double free detected in tcache 2\nAborted',
        'the heap of samples is corrupted',
        'The C library found that the heap was damaged. The damage was done earlier than the line that noticed it.',
      ],
      [
        'stack-smashed',
        'gcc 12, -fstack-protector-all',
        '*** stack smashing detected ***: terminated\nAborted',
        'the stack of images was detected',
        'A function wrote beyond a buffer, and the C library ended the program.',
      ],
      [
        'c-assertion',
        'gcc 12',
        't: t.c:7: main: Assertion `n==99 && "learning rate"\' failed.\nAborted',
        'assertion: the test has failed',
        'An assertion in compiled code does not hold: "n==99 && "learning rate"".',
      ],
      [
        'node-out-of-memory',
        'node 20, --max-old-space-size=20',
        'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n 1: 0xb78db3 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]',
        'FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal',
        'Node.js reached the limit of its heap.',
      ],
    ],
    134,
  ),
  // Any program that ends with such a code counts as ended by that signal, so what must not be taken for it ends otherwise.
  ...printedSamples(
    [
      [
        'aborted',
        'gcc 12',
        'Aborted',
        'the user aborted it and it ended normally',
        'Exit code 134 means, as shells count, that the program ended itself with abort() (SIGABRT). The output does not prove that.',
      ],
    ],
    134,
    1,
  ),
  ...bySignal(
    'segmentation-fault',
    139,
    'Segmentation fault',
    'Segmentation fault tolerance is on',
    'The program touched memory that is not its own (SIGSEGV): a defect in compiled code.',
    'Exit code 139 means, as shells count, that SIGSEGV ended the program: it touched memory that is not its own, by a defect in compiled code. The output does not prove that.',
  ),
  ...bySignal(
    'bus-error',
    135,
    'Bus error',
    'Bus error rate above 3 %',
    'The program touched memory that could not be provided (SIGBUS): often a file or /dev/shm that has no room, or a file that was cut while it was mapped.',
    'Exit code 135 means, as shells count, that SIGBUS ended the program: it touched memory that could not be provided, often a file or /dev/shm that has no room. The output does not prove that.',
  ),
  ...bySignal(
    'illegal-instruction',
    132,
    'Illegal instruction',
    'Illegal instruction set chosen',
    'The processor does not know an instruction of the program (SIGILL).',
    'Exit code 132 means, as shells count, that SIGILL ended the program: the processor did not know an instruction of it. The output does not prove that.',
  ),
  ...bySignal(
    'arithmetic-error',
    136,
    'Floating point exception',
    'Floating point exception handling enabled',
    'The program divided an integer by zero or overflowed (SIGFPE).',
    'Exit code 136 means, as shells count, that SIGFPE ended the program: it divided an integer by zero or overflowed. The output does not prove that.',
  ),
  ...bySignal(
    'killed',
    137,
    'Killed',
    'Killed stale worker 3',
    'Something killed the program (SIGKILL). Most often it is the kernel because memory ran out, but the output does not prove that.',
    'Something killed the program (SIGKILL). Most often it is the kernel because memory ran out, but the output does not prove that.',
  ),
  ...bySignal(
    'cpu-time-limit',
    152,
    'CPU time limit exceeded',
    'Solver status: CPU time limit exceeded',
    'The program used more processor time than it may (SIGXCPU).',
    'Exit code 152 means, as shells count, that SIGXCPU ended the program: it used more processor time than it may. The output does not prove that.',
  ),
  ...bySignal(
    'file-size-limit',
    153,
    'File size limit exceeded',
    'x.csv: File size limit exceeded',
    'The program wrote a file that is larger than it may (SIGXFSZ).',
    'Exit code 153 means, as shells count, that SIGXFSZ ended the program: it wrote a file that is larger than it may. The output does not prove that.',
  ),
];

/** What shells say of a program that a signal ended, and a program that says alike and ends by itself; then the code alone. */
function bySignal(
  id: string,
  exitCode: number,
  words: string,
  near: string,
  says: string,
  saysOfCode: string,
): PatternSample[] {
  const line = (end: string): string => `run.sh: line 3: 18906 ${words.padEnd(24)}${end}`;
  return [
    ...printedSamples([[id, 'dash', words, near, says]], 1),
    ...printedSamples([[id, 'bash', line("sh -c 'kill $$'"), near, says]], 1),
    ...printedSamples([[id, 'bash, with a core file', line('(core dumped) ./a'), near, says]], 1),
    ...printedSamples([[id, 'srun of Slurm', `srun: error: node1: task 0: ${words}`, near, says]], 1),
    ...printedSamples([[id, 'a program that says nothing', '', near, saysOfCode]], exitCode, 3),
  ];
}
