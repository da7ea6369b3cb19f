import { endedWith, notInPython, printed, raised, said, type FailurePattern } from './failurePattern';
import { obituary } from './unixMessages';

const SIGNALS = 'https://man7.org/linux/man-pages/man7/signal.7.html';
const GLIBC = 'https://www.gnu.org/software/libc/manual/html_node/Heap-Consistency-Checking.html';

/** Memory of the machine, and ends by a signal. */
export const MEMORY_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'job-out-of-memory',
    class: 'resource',
    matchers: [
      { in: 'reason', text: /\bOUT_OF_MEMORY\b/u },
      printed(
        /Detected \d+ oom[_-]kill event|Some of your processes may have been killed by the cgroup out-of-memory handler|^srun: error: .*: Out Of Memory$/u,
      ),
      printed(/PBS: job killed: (?:mem|vmem|pmem) .* exceeded limit|job killed: .*TERM_MEMLIMIT/u),
    ],
    explanation: 'The scheduler ended the job because it used more memory than it had asked for.',
    advice:
      'Ask for more memory (memory or mem of the source), or make the task use less: smaller batches, fewer data loader workers.',
    remedy: 'memory',
    source: 'https://slurm.schedmd.com/sacct.html#SECTION_JOB-STATE-CODES',
  },
  {
    id: 'python-memory-error',
    class: 'resource',
    matchers: [
      raised(/Unable to allocate (?<size>[\d.]+ [KMGT]?i?B) for an array/u),
      raised(/^MemoryError\b|DefaultCPUAllocator: (?:can't allocate memory|not enough memory)/u),
    ],
    explanation: 'Python could not get the memory that it asked for ({size}).',
    advice:
      'Check the size of what is allocated in the traceback. If it is right, load it in parts (memory mapping, chunks) or run it where there is more memory.',
    remedy: 'memory',
    source: 'https://docs.python.org/3/library/exceptions.html#MemoryError',
  },
  {
    id: 'cpp-out-of-memory',
    class: 'resource',
    matchers: [
      raised(/^std::bad_alloc\b/u),
      printed(
        /^terminate called after throwing an instance of 'std::bad_alloc'|^\s*what\(\): {1,2}std::bad_alloc/u,
      ),
    ],
    explanation: 'A C++ program could not get the memory that it asked for.',
    advice:
      'Look whether the size that is asked for is sensible for these parameters. If it is, run it where there is more memory or with fewer tasks at one time.',
    remedy: 'memory',
    source: 'https://en.cppreference.com/w/cpp/memory/new/bad_alloc',
  },
  {
    id: 'java-out-of-memory',
    class: 'resource',
    matchers: said(/java\.lang\.OutOfMemoryError: (?<what>.*)/u),
    explanation: 'The Java virtual machine ran out of memory: {what}.',
    advice: 'Raise its limit with -Xmx, as far as the machine allows.',
    remedy: 'memory',
    source: 'https://docs.oracle.com/en/java/javase/17/troubleshoot/troubleshooting-memory-leaks.html',
  },
  {
    id: 'node-out-of-memory',
    class: 'resource',
    matchers: [printed(/JavaScript heap out of memory/u)],
    explanation: 'Node.js reached the limit of its heap.',
    advice: 'Raise it with NODE_OPTIONS=--max-old-space-size=8192 (MiB), as far as the machine allows.',
    remedy: 'memory',
    source: 'https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib',
  },
  {
    id: 'allocation-refused',
    class: 'resource',
    matchers: said(
      /Cannot allocate memory|Errno 12\b|cannot allocate vector of size (?<size>[\d.]+ [KMG]b)/u,
    ),
    explanation: 'The system refused to give the program more memory.',
    advice:
      'Run fewer tasks at one time on this machine, or use less memory; ulimit -v shows whether a limit is set.',
    remedy: 'memory',
    source: 'https://man7.org/linux/man-pages/man3/errno.3.html',
  },
  {
    id: 'address-sanitizer',
    class: 'task',
    matchers: [
      printed(/ERROR: AddressSanitizer: (?<what>[\w-]+)/u),
      raised(/^AddressSanitizer: (?<what>[\w-]+)/u),
    ],
    explanation: 'AddressSanitizer found a memory error: {what}.',
    advice: 'The first frame of the program in its report is the line that did it.',
    source: 'https://github.com/google/sanitizers/wiki/AddressSanitizer',
  },
  {
    id: 'heap-corrupted',
    class: 'task',
    matchers: said(
      /double free or corruption|free\(\): (?:invalid|double free)|malloc\(\): |corrupted (?:size|double-linked)|munmap_chunk\(\): invalid pointer|realloc\(\): invalid|smallbin double linked list corrupted/u,
    ),
    explanation:
      'The C library found that the heap was damaged. The damage was done earlier than the line that noticed it.',
    advice:
      'Build with -fsanitize=address -g, or run under valgrind, to see where. In Python suspect compiled extensions, or two libraries that bring different runtimes.',
    source: GLIBC,
  },
  {
    id: 'stack-smashed',
    class: 'task',
    matchers: said(/stack smashing detected|buffer overflow detected/u),
    explanation: 'A function wrote beyond a buffer, and the C library ended the program.',
    advice: 'Build with -fsanitize=address -g to see the line.',
    source: 'https://gcc.gnu.org/onlinedocs/gcc/Instrumentation-Options.html',
  },
  {
    id: 'c-assertion',
    class: 'task',
    matchers: [
      // The C library's own forms with their quotes: anybody may say that an assertion failed.
      raised(/^Assertion: `(?<what>.+)' failed/u, { when: notInPython }),
      printed(/: Assertion `(?<what>.+)' failed\.?$/u),
      printed(/^Assertion failed: (?<what>.+), (?:function \S+, )?file [^,]+, line \d+\.?$/u),
    ],
    explanation: 'An assertion in compiled code does not hold: {what}.',
    advice: 'The line names file and line of the assertion. Check the parameters of these tasks against it.',
    source: 'https://man7.org/linux/man-pages/man3/assert.3.html',
  },
  {
    id: 'cpp-exception',
    class: 'task',
    matchers: said(/terminate called after throwing an instance of '(?<type>[^']+)'/u),
    explanation: 'A C++ exception of type {type} was not caught.',
    advice: 'The line after it (what()) tells the reason.',
    source: 'https://en.cppreference.com/w/cpp/error/terminate',
  },
  {
    id: 'recursion-limit',
    class: 'task',
    matchers: [raised(/^RecursionError\b|java\.lang\.StackOverflowError|Maximum call stack size exceeded/u)],
    explanation: 'A function called itself too often.',
    advice:
      'Look in the traceback which frames repeat. Raising the limit only helps where such depth is meant.',
    source: 'https://docs.python.org/3/library/exceptions.html#RecursionError',
  },
  {
    id: 'segmentation-fault',
    class: 'task',
    matchers: [
      printed(/^Fatal Python error: Segmentation fault|\bCaught signal 11 \(/u),
      printed(obituary('Segmentation fault')),
      raised(/^Fatal Python error: Segmentation fault/u),
      endedWith(
        139,
        'Exit code 139 means, as shells count, that SIGSEGV ended the program: it touched memory that is not its own, by a defect in compiled code. The output does not prove that.',
      ),
    ],
    explanation: 'The program touched memory that is not its own (SIGSEGV): a defect in compiled code.',
    advice:
      'Run a Python program with PYTHONFAULTHANDLER=1 to see the line. Suspect compiled extensions and versions of them that do not fit each other.',
    source: 'https://docs.python.org/3/library/faulthandler.html',
  },
  {
    id: 'bus-error',
    class: 'resource',
    matchers: [
      printed(/^Fatal Python error: Bus error/u),
      printed(obituary('Bus error')),
      endedWith(
        135,
        'Exit code 135 means, as shells count, that SIGBUS ended the program: it touched memory that could not be provided, often a file or /dev/shm that has no room. The output does not prove that.',
      ),
    ],
    explanation:
      'The program touched memory that could not be provided (SIGBUS): often a file or /dev/shm that has no room, or a file that was cut while it was mapped.',
    advice: 'Check df -h for /dev/shm and the data, and that nothing rewrites the files that are mapped.',
    source: SIGNALS,
  },
  {
    id: 'illegal-instruction',
    class: 'environment',
    matchers: [
      printed(/^Fatal Python error: Illegal instruction/u),
      printed(obituary('Illegal instruction')),
      endedWith(
        132,
        'Exit code 132 means, as shells count, that SIGILL ended the program: the processor did not know an instruction of it. The output does not prove that.',
      ),
    ],
    explanation: 'The processor does not know an instruction of the program (SIGILL).',
    advice:
      'It was probably built for a newer processor (e.g. AVX2 or AVX-512), or it was stopped by a trap of its compiler. Install a generic build, or run on newer machines.',
    remedy: 'host',
    source: SIGNALS,
  },
  {
    id: 'arithmetic-error',
    class: 'task',
    matchers: [
      printed(obituary('Floating point exception')),
      endedWith(
        136,
        'Exit code 136 means, as shells count, that SIGFPE ended the program: it divided an integer by zero or overflowed. The output does not prove that.',
      ),
    ],
    explanation: 'The program divided an integer by zero or overflowed (SIGFPE).',
    advice: 'Look for integer divisions by a value that can be 0 with these parameters.',
    source: SIGNALS,
  },
  {
    id: 'killed',
    class: 'resource',
    matchers: [printed(obituary('Killed')), { in: 'end', codes: [137] }],
    explanation:
      'Something killed the program (SIGKILL). Most often it is the kernel because memory ran out, but the output does not prove that.',
    advice:
      'Look at the memory in the system information, and in dmesg for "Out of memory: Killed process". If that is it, run fewer tasks at one time or use less memory.',
    remedy: 'memory',
    source: 'https://docs.kernel.org/admin-guide/mm/concepts.html#oom-killer',
  },
  {
    id: 'aborted',
    class: 'task',
    // Not by the shell's word `Aborted`: a program that aborts usually says why in the line before.
    matchers: [{ in: 'end', codes: [134] }],
    explanation:
      'Exit code 134 means, as shells count, that the program ended itself with abort() (SIGABRT). The output does not prove that.',
    advice:
      'The line before usually tells why. Without one, run it with PYTHONFAULTHANDLER=1 or under a debugger.',
    source: SIGNALS,
  },
  {
    id: 'cpu-time-limit',
    class: 'resource',
    matchers: [
      printed(obituary('CPU time limit exceeded')),
      endedWith(
        152,
        'Exit code 152 means, as shells count, that SIGXCPU ended the program: it used more processor time than it may. The output does not prove that.',
      ),
    ],
    explanation: 'The program used more processor time than it may (SIGXCPU).',
    advice: 'ulimit -t shows the limit. Login nodes have such limits: run it on a compute node.',
    remedy: 'time',
    source: SIGNALS,
  },
  {
    id: 'file-size-limit',
    class: 'resource',
    matchers: [
      printed(obituary('File size limit exceeded')),
      endedWith(
        153,
        'Exit code 153 means, as shells count, that SIGXFSZ ended the program: it wrote a file that is larger than it may. The output does not prove that.',
      ),
    ],
    explanation: 'The program wrote a file that is larger than it may (SIGXFSZ).',
    advice: 'ulimit -f shows the limit. Write less, or in several files.',
    source: SIGNALS,
  },
];
