import { printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const MEMORY_SAMPLES: readonly PatternSample[] = [
  ...raisedSamples([
    [
      'python-memory-error',
      'numpy 2',
      'numpy._core._exceptions._ArrayMemoryError: Unable to allocate 72.8 TiB for an array with shape (10000000, 1000000) and data type float64',
      'ValueError: Unable to allocate 3 tasks for an array job',
    ],
    [
      'allocation-refused',
      'python3.11, mmap',
      'OSError: [Errno 12] Cannot allocate memory',
      'ValueError: cannot allocate the budget',
    ],
    [
      'recursion-limit',
      'python3.11',
      'RecursionError: maximum recursion depth exceeded',
      'RuntimeError: recursion in the graph',
    ],
  ]),
  ...printedSamples([
    [
      'job-out-of-memory',
      `${GITHUB}/nextflow-io/nextflow/issues/5932`,
      'slurmstepd: error: Detected 1 oom_kill event in StepId=11300781.0. Some of the step tasks have been OOM Killed.\nsrun: error: sdumont6156: task 0: Out Of Memory',
      'detector: 1 event in the room',
    ],
    [
      'java-out-of-memory',
      'Java 17, -Xmx50m',
      'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n\tat Train.main(Train.java:2)',
      'Exception in thread "main" java.lang.IllegalStateException: memory is not set\n\tat Train.main(Train.java:2)',
    ],
    [
      'address-sanitizer',
      'gcc 12, -fsanitize=address',
      '==11241==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60200000001c at pc 0x55c467c9057a bp 0x7ffc6b1d0c60 sp 0x7ffc6b1d0c58\nWRITE of size 1 at 0x60200000001c thread T0\n    #0 0x55c467c90579 in main /tmp/prov/c/t.c:15\n\nSUMMARY: AddressSanitizer: heap-buffer-overflow /tmp/prov/c/t.c:15 in main',
      'error: the address could not be sanitized',
    ],
  ]),
  ...printedSamples(
    [
      [
        'cpp-out-of-memory',
        'g++ 12',
        "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\nAborted",
        "terminate called after throwing an instance of 'std::runtime_error'\n  what():  bad allocation table",
      ],
      [
        'cpp-exception',
        'g++ 12',
        "terminate called after throwing an instance of 'std::runtime_error'\n  what():  learning rate is negative\nAborted",
        'terminate called without an active exception',
      ],
      [
        'heap-corrupted',
        'glibc 2.36',
        'free(): double free detected in tcache 2\nAborted',
        'the heap of samples is corrupted',
      ],
      [
        'stack-smashed',
        'gcc 12, -fstack-protector-all',
        '*** stack smashing detected ***: terminated\nAborted',
        'the stack of images was detected',
      ],
      [
        'c-assertion',
        'gcc 12',
        't: t.c:7: main: Assertion `n==99 && "learning rate"\' failed.\nAborted',
        'assertion: the test has failed',
      ],
      ['aborted', 'gcc 12', 'Aborted', 'the user aborted it and it ended normally'],
      [
        'node-out-of-memory',
        'node 20, --max-old-space-size=20',
        'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n 1: 0xb78db3 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [node]',
        'FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal',
      ],
    ].map(([id = '', from = '', said = '', near = '']) => [id, from, said, near] as const),
    134,
  ).map((sample) =>
    // Any program that ends with 134 was aborted, so what must not be taken for that ends otherwise.
    sample.id === 'aborted' ? { ...sample, nearMiss: { ...sample.nearMiss, exitCode: 1 } } : sample,
  ),
  byCode('segmentation-fault', 139, 'Segmentation fault'),
  byCode('bus-error', 135, 'Bus error'),
  byCode('illegal-instruction', 132, 'Illegal instruction'),
  byCode('arithmetic-error', 136, 'Floating point exception'),
  byCode('killed', 137, 'Killed'),
  byCode('cpu-time-limit', 152, 'CPU time limit exceeded'),
  byCode('file-size-limit', 153, 'File size limit exceeded'),
];

/** What a shell says of a program that a signal ended; the same words inside a sentence of a program mean nothing. */
function byCode(id: string, exitCode: number, words: string): PatternSample {
  const nearMiss = { stderr: `the log of yesterday has: ${words.slice(0, -2)}\n`, exitCode: 3 };
  return {
    id,
    from: `dash, a program ended by signal ${exitCode - 128}`,
    stderr: `${words}\n`,
    exitCode,
    nearMiss,
  };
}
