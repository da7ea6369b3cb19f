import { printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const SYSTEM_SAMPLES: readonly PatternSample[] = [
  ...printedSamples([
    [
      'lmod-module-unknown',
      `${GITHUB}/NOAA-EMC/rrfs-workflow/issues/962`,
      'Lmod has detected the following error: The following module(s) are unknown: "libfabric/1.20.1"\n\nPlease check the spelling or version number. Also try "module spider ..."',
      'Lmod Warning:  Unknown Option: "versin"',
    ],
    [
      'conda-not-initialised',
      `${GITHUB}/conda/conda/issues/13786`,
      "CondaError: Run 'conda init' before 'conda activate'",
      'CondaError: Downloaded bytes did not match Content-Length',
    ],
    [
      'conda-environment-missing',
      `${GITHUB}/danpursuit/all-is-one/issues/1`,
      'EnvironmentNameNotFound: Could not find conda environment: test-stable\nYou can list all discoverable environments with `conda info --envs`.',
      'Could not find conda',
    ],
    [
      'git-locked',
      'git 2.39, two commits at one time',
      "fatal: Unable to create '/project/.git/index.lock': File exists.\n\nAnother git process seems to be running in this repository",
      "fatal: Unable to create '/project/out': Permission denied",
    ],
    [
      'file-missing',
      'cat',
      'cat: /data/none: No such file or directory',
      'import: No such file or directory was an option',
    ],
  ]),
  ...printedSamples(
    [
      [
        'module-command-missing',
        'bash 5.2 without Lmod',
        'run.sh: line 3: module: command not found',
        'run.sh: line 3: modulecmd: command not found',
      ],
      [
        'script-line-endings',
        `${GITHUB}/microsoft/WSL2-Linux-Kernel/issues/133`,
        '-bash: ./deps.sh: /bin/bash^M: bad interpreter: No such file or directory',
        '-bash: ./deps.sh: No such file or directory',
      ],
      [
        'interpreter-missing',
        'bash 5.2, a script with Windows line endings',
        'bash: ./crlf.sh: cannot execute: required file not found',
        'bash: ./crlf.sh: required file is not set',
      ],
      ['exec-format', 'dash', 'sh: 1: ./bin: Exec format error', 'sh: 1: ./bin: not found'],
      [
        'command-not-found',
        'bash 5.2',
        'x.sh: line 4: python4: command not found',
        'x.sh: line 4: the command was found',
      ],
      [
        'not-executable',
        'bash 5.2',
        'bash: /tmp/t.c: Permission denied',
        'ssh: Permission denied (publickey).',
      ],
    ],
    1,
  ),
  {
    id: 'command-not-found',
    from: 'exit code of a shell',
    stderr: '',
    exitCode: 127,
    nearMiss: { stderr: '', exitCode: 12 },
  },
  {
    id: 'not-executable',
    from: 'exit code of a shell',
    stderr: '',
    exitCode: 126,
    nearMiss: { stderr: '', exitCode: 12 },
  },
  ...raisedSamples([
    [
      'disk-quota',
      `${GITHUB}/KennthShang/HostG/issues/7`,
      "OSError: [Errno 122] Disk quota exceeded: 'out/intermediate.ntw'",
      'ValueError: quota of requests exceeded',
    ],
    [
      'disk-full',
      'python3.11 and /dev/full',
      'OSError: [Errno 28] No space left on device',
      'ValueError: no space left in the grid',
    ],
    [
      'read-only-disk',
      `${GITHUB}/changliao1025/pyflowline/issues/164`,
      "OSError: [Errno 30] Read-only file system: '/compyfs'",
      'AttributeError: read-only attribute',
    ],
    [
      'too-many-open-files',
      'python3.11 under ulimit -n 10',
      "OSError: [Errno 24] Too many open files: '/dev/null'",
      'ValueError: too many files in the list',
    ],
    [
      'hdf5-locked',
      `${GITHUB}/open-mpi/ompi/issues/6535`,
      "OSError: Unable to open file (unable to lock file, errno = 11, error message = 'Resource temporarily unavailable')",
      'OSError: Unable to open file (file signature not found)',
    ],
    [
      'too-many-processes',
      'python3.11 under ulimit -u',
      "RuntimeError: can't start new thread",
      'RuntimeError: threads can only be started once',
    ],
    [
      'stale-file-handle',
      `${GITHUB}/appsmithorg/appsmith/issues/32528`,
      'OSError: [Errno 116] Stale file handle',
      'ValueError: I/O operation on closed file',
    ],
    [
      'input-output-error',
      'python3.11 and /proc/self/mem',
      'OSError: [Errno 5] Input/output error',
      'ValueError: input and output have different sizes',
    ],
    [
      'argument-list-too-long',
      'python3.11, subprocess',
      "OSError: [Errno 7] Argument list too long: 'ls'",
      'TypeError: f() takes 1 positional argument but 2 were given',
    ],
    [
      'sqlite-locked',
      'python3.11, sqlite3',
      'sqlite3.OperationalError: database is locked',
      'sqlite3.OperationalError: no such table: runs',
    ],
    [
      'permission-denied',
      'python3.11 as nobody',
      "PermissionError: [Errno 13] Permission denied: '/etc/shadow'",
      'ValueError: permission of the role is denied',
    ],
    [
      'file-missing',
      'python3.11',
      "FileNotFoundError: [Errno 2] No such file or directory: '/data/abc.csv'",
      'FileNotFoundError: no checkpoint in the run',
    ],
  ]),
];
