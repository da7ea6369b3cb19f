import { nodeError, printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const SYSTEM_SAMPLES: readonly PatternSample[] = [
  ...printedSamples([
    [
      'lmod-module-unknown',
      `${GITHUB}/NOAA-EMC/rrfs-workflow/issues/962`,
      'Lmod has detected the following error: The following module(s) are unknown: "libfabric/1.20.1"\n\nPlease check the spelling or version number. Also try "module spider ..."',
      'Lmod Warning:  Unknown Option: "versin"',
      'The module system there cannot load the module "libfabric/1.20.1".',
    ],
    [
      'conda-not-initialised',
      `${GITHUB}/conda/conda/issues/13786`,
      "CondaError: Run 'conda init' before 'conda activate'",
      'CondaError: Downloaded bytes did not match Content-Length',
      'conda activate works only in a shell where conda was set up.',
    ],
    [
      'conda-environment-missing',
      `${GITHUB}/danpursuit/all-is-one/issues/1`,
      'EnvironmentNameNotFound: Could not find conda environment: test-stable\nYou can list all discoverable environments with `conda info --envs`.',
      'Could not find conda',
      'There is no conda environment "test-stable" on that machine.',
    ],
    [
      'git-locked',
      'git 2.39, two commits at one time',
      "fatal: Unable to create '/project/.git/index.lock': File exists.\n\nAnother git process seems to be running in this repository",
      "fatal: Unable to create '/project/out': Permission denied",
      'Another git process holds the lock "/project/.git/index.lock", or one died with it.',
    ],
    ...[
      ['cat', 'cat: data.txt: No such file or directory', 'There is no "data.txt" on that machine.'],
      ['ls', "ls: cannot access 'data': No such file or directory", 'There is no "data" on that machine.'],
      [
        'cp',
        "cp: cannot stat 'data.csv': No such file or directory",
        'There is no "data.csv" on that machine.',
      ],
      [
        'bash, cd',
        'run.sh: line 1: cd: /no/dir: No such file or directory',
        'There is no "/no/dir" on that machine.',
      ],
      [
        'bash, <',
        'run.sh: line 1: data.csv: No such file or directory',
        'There is no "data.csv" on that machine.',
      ],
      [
        'dash, cd',
        "run.sh: 1: cd: can't cd to /no/dir",
        'A script could not change to the folder "/no/dir": it is not there, or may not be entered.',
      ],
      ['dash, <', 'run.sh: 1: cannot open data.csv: No such file', 'There is no "data.csv" on that machine.'],
      [
        'dash, >',
        'run.sh: 1: cannot create no/file: Directory nonexistent',
        'There is no "no/file" on that machine.',
      ],
      [
        'tar',
        'tar (child): data.tar.gz: Cannot open: No such file or directory\ntar (child): Error is not recoverable: exiting now\ntar: Child returned status 2\ntar: Error is not recoverable: exiting now',
        'There is no "data.tar.gz" on that machine.',
      ],
      [
        'head',
        "head: cannot open 'data.csv' for reading: No such file or directory",
        'There is no "data.csv" on that machine.',
      ],
      [
        'mkdir',
        "mkdir: cannot create directory 'no/x': No such file or directory",
        'There is no "no/x" on that machine.',
      ],
      [
        'awk',
        'awk: cannot open data.csv (No such file or directory)',
        'There is no "data.csv" on that machine.',
      ],
      [
        'sed',
        "sed: can't read data.csv: No such file or directory",
        'There is no "data.csv" on that machine.',
      ],
      [
        'sort',
        'sort: cannot read: data.csv: No such file or directory',
        'There is no "data.csv" on that machine.',
      ],
      [
        'ln',
        "ln: failed to create symbolic link 'no/b': No such file or directory",
        'There is no "no/b" on that machine.',
      ],
      [
        'gcc',
        'cc1: fatal error: no.c: No such file or directory\ncompilation terminated.',
        'There is no "no.c" on that machine.',
      ],
      ['bash', 'bash: nofile.sh: No such file or directory', 'There is no "nofile.sh" on that machine.'],
      [
        'git',
        "fatal: cannot change to 'nodir': No such file or directory",
        'There is no "nodir" on that machine.',
      ],
      [
        'python3.11',
        "/usr/bin/python3: can't open file '/project/no.py': [Errno 2] No such file or directory",
        'There is no "/project/no.py" on that machine.',
      ],
      ['zsh, cd', 'zsh:cd:1: no such file or directory: /no/dir', 'There is no "/no/dir" on that machine.'],
      [
        'rsync 3',
        'rsync: [sender] link_stat "/project/data" failed: No such file or directory (2)\nrsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1394) [sender=3.5.0]',
        'There is no "/project/data" on that machine.',
      ],
      ['java 17', 'Error: Unable to access jarfile app.jar', 'There is no "app.jar" on that machine.'],
    ].map(
      ([from = '', said = '', says = '']) =>
        ['file-missing', from, said, 'import: No such file or directory was an option', says] as const,
    ),
    ...[
      ['cat', 'cat: /etc/shadow: Permission denied', 'The task may not use "/etc/shadow".'],
      ['bash, >', 'bash: line 1: /etc/foo: Permission denied', 'The task may not use "/etc/foo".'],
      ['dash, >', 'sh: 1: cannot create /etc/foo: Permission denied', 'The task may not use "/etc/foo".'],
      [
        'mkdir',
        "mkdir: cannot create directory '/etc/foo': Permission denied",
        'The task may not use "/etc/foo".',
      ],
      [
        'mkdir in UTF-8',
        'mkdir: cannot create directory ‘/etc/foo’: Permission denied',
        'The task may not use "/etc/foo".',
      ],
      ['mv', "mv: cannot move 'a' to 'b': Permission denied", 'The task may not use "a".'],
      [
        'tar',
        'tar: data.tar: Cannot open: Permission denied\ntar: Error is not recoverable: exiting now',
        'The task may not use "data.tar".',
      ],
      ['git init', '/project/.git: Permission denied', 'The task may not use "/project/.git".'],
      ['chmod', "chmod: changing permissions of 'x': Operation not permitted", 'The task may not use "x".'],
      [
        'python3.11',
        "/usr/bin/python3: can't open file '/project/a.py': [Errno 13] Permission denied",
        'The task may not use "/project/a.py".',
      ],
    ].map(
      ([from = '', said = '', says = '']) =>
        ['permission-denied', from, said, 'git@example.org: Permission denied (publickey).', says] as const,
    ),
    [
      'make-no-rule',
      'GNU make 4.3',
      "make: *** No rule to make target 'data.csv', needed by 'all'.  Stop.",
      'make: *** [Makefile:3: all] Error 1',
      'make knows no way to make "data.csv", and the file is not there.',
    ],
    [
      'make-no-rule',
      'GNU make 4.3',
      'make: *** No targets specified and no makefile found.  Stop.',
      'make: *** No targets are left',
      'make found no makefile in the folder where it ran.',
    ],
    [
      'java-class-missing',
      'Java 17',
      'Error: Could not find or load main class Train\nCaused by: java.lang.ClassNotFoundException: Train',
      'Error: Could not find the class of the sample',
      'Java did not find the class "Train".',
    ],
    [
      'compile-error',
      'gcc 12',
      "e.c: In function 'main':\ne.c:1:20: error: 'x' undeclared (first use in this function)\n    1 | int main(){ return x; }\n      |                    ^\ne.c:1:20: note: each undeclared identifier is reported only once for each function it appears in",
      'conf.yaml:3: error: bad indentation',
      `A compiler refused the code: "'x' undeclared (first use in this function)".`,
    ],
    [
      'compile-error',
      'gcc 12',
      'e.c:1:10: fatal error: foo.h: No such file or directory\n    1 | #include "foo.h"\n      |          ^~~~~~~\ncompilation terminated.',
      'cc1: fatal error: no.c: No such file or directory',
      'The compiler did not find "foo.h", which the code includes.',
    ],
    [
      'compile-error',
      'gcc 12, ld 2.40',
      "/usr/bin/ld: /tmp/cczvyrkw.o: in function `main':\ne.c:(.text+0x5): undefined reference to `h'\ncollect2: error: ld returned 1 exit status",
      'collected: ld returned an undefined reference',
      `The linker could not put the program together: "undefined reference to \`h'".`,
    ],
    [
      'compile-error',
      'gcc 12, ld 2.40',
      '/usr/bin/ld: cannot find -lnosuch: No such file or directory\ncollect2: error: ld returned 1 exit status',
      '/usr/bin/ld: warning: cannot find entry symbol _start',
      'The linker did not find the library "-lnosuch".',
    ],
  ]),
  ...printedSamples(
    [
      [
        'module-command-missing',
        'bash 5.2 without Lmod',
        'run.sh: line 3: module: command not found',
        'run.sh: line 3: modulecmd: command not found',
        'The shell does not know the command "module".',
      ],
      [
        'script-line-endings',
        `${GITHUB}/microsoft/WSL2-Linux-Kernel/issues/133`,
        '-bash: ./deps.sh: /bin/bash^M: bad interpreter: No such file or directory',
        '-bash: ./deps.sh: No such file or directory',
        'A script has Windows line endings, and what runs it takes them for a part of its words.',
      ],
      [
        'script-line-endings',
        'env of coreutils 9',
        "/usr/bin/env: 'python3\\r': No such file or directory\n/usr/bin/env: use -[v]S to pass options in shebang lines",
        "/usr/bin/env: 'python4': No such file or directory",
        'A script has Windows line endings, and what runs it takes them for a part of its words.',
      ],
      [
        'script-line-endings',
        'bash 5.2',
        "run.sh: line 1: cd: $'/tmp\\r': No such file or directory",
        'run.sh: line 1: cd: /tmp/r: No such file or directory',
        'A script has Windows line endings, and what runs it takes them for a part of its words.',
      ],
      [
        'interpreter-missing',
        'bash 5.1',
        'bash: ./run.sh: /opt/python: bad interpreter: No such file or directory',
        'bash: ./run.sh: Permission denied',
        'What "./run.sh" needs to start is not there: the interpreter after "#!" in its first line, or its dynamic loader.',
      ],
      [
        'interpreter-missing',
        'bash 5.2, a script with Windows line endings',
        'bash: ./crlf.sh: cannot execute: required file not found',
        'bash: ./crlf.sh: required file is not set',
        'What "./crlf.sh" needs to start is not there: the interpreter after "#!" in its first line, or its dynamic loader.',
      ],
      [
        'exec-format',
        'dash',
        'sh: 1: ./bin: Exec format error',
        'sh: 1: ./bin: not found',
        'The system cannot run a file as a program: it is for another processor, or a script without "#!".',
      ],
      [
        'command-not-found',
        'bash 5.2',
        'x.sh: line 4: python4: command not found',
        'x.sh: line 4: the command was found',
        'The command "python4" is not on the PATH of the task.',
      ],
      [
        'command-not-found',
        'zsh 5.9',
        'zsh:1: command not found: nosuch',
        'zsh:1: the command was found: nosuch',
        'The command "nosuch" is not on the PATH of the task.',
      ],
      [
        'command-not-found',
        'dash',
        'run.sh: 2: exec: nosuch: not found',
        'run.sh: 2: nosuch: was found',
        'The command "nosuch" is not on the PATH of the task.',
      ],
      [
        'command-not-found',
        'dash, a script with #!/no/interp',
        'run.sh: 2: ./i.sh: not found',
        'run.sh: 2: cannot open ./i.sh: No such file',
        'The program "./i.sh" is not there, or what it needs to start is not: the interpreter after "#!".',
      ],
      [
        'command-not-found',
        'coreutils 9',
        "timeout: failed to run command 'nosuch': No such file or directory",
        "touch: cannot touch 'nosuch': No such file or directory",
        'The command "nosuch" is not on the PATH of the task.',
      ],
    ],
    1,
  ),
  ...printedSamples(
    [
      [
        'not-executable',
        'bash 5.2',
        'bash: line 1: ./tool: Permission denied',
        'bash: line 1: ./tool: Is a directory',
        'The system would not run "./tool": it may not be executed.',
      ],
      [
        'not-executable',
        'dash',
        'run.sh: 1: exec: ./tool: Permission denied',
        'run.sh: 1: ./tool: not found',
        'The system would not run "./tool": it may not be executed.',
      ],
      [
        'not-executable',
        'coreutils 9',
        "timeout: failed to run command './tool': Permission denied",
        "timeout: failed to run command './tool': No such file or directory",
        'The system would not run "./tool": it may not be executed.',
      ],
    ].map(([id = '', from = '', said = '', near = '', says = '']) => [id, from, said, near, says] as const),
    126,
    1,
  ),
  ...printedSamples(
    [
      [
        'not-executable',
        `${GITHUB}/elyall/wandb_on_slurm/issues/5`,
        'slurmstepd: error: execve(): start-agent.sh: Permission denied\nsrun: error: my-node01: task 0: Exited with exit code 13',
        'slurmstepd: error: the file start-agent.sh: Permission denied',
        'The system would not run "start-agent.sh": it may not be executed.',
      ],
    ],
    13,
  ),
  ...printedSamples(
    [
      [
        'command-not-found',
        `${GITHUB}/ArjunaCluster/ArjunaUsers/issues/21`,
        'slurmstepd: error: execve(): /tmp/slurmd/job2997814/slurm_script: No such file or directory',
        'slurmstepd: error: /tmp/slurmd/job2997814/slurm_script: No such file or directory',
        'The program "/tmp/slurmd/job2997814/slurm_script" is not there, or what it needs to start is not: the interpreter after "#!".',
      ],
    ],
    2,
  ),
  ...printedSamples(
    [
      [
        'fortran-runtime',
        `${GITHUB}/richardjgowers/poreblazer/issues/1`,
        "At line 358 of file poreblazer.f90 (unit = 3, file = 'defaults.dat')\nFortran runtime error: Bad integer for item 1 in list input\n\nError termination. Backtrace:\n#0  0x7f818650831a\n#1  0x7f8186508ec5\n#2  0x7f818650968d",
        'the Fortran runtime had no error',
        'The Fortran program ended with an error: "Bad integer for item 1 in list input".',
      ],
    ],
    2,
  ),
  ...[
    [
      'command-not-found',
      "FileNotFoundError: [Errno 2] No such file or directory: 'nosuchprog'",
      'Python could not start another program: "nosuchprog" is not there. That is the program, or the folder that it was to start in (cwd).',
    ],
    [
      'command-not-found',
      "FileNotFoundError: [Errno 2] No such file or directory: '/no/dir'",
      'Python could not start another program: "/no/dir" is not there. That is the program, or the folder that it was to start in (cwd).',
    ],
    [
      'not-executable',
      "PermissionError: [Errno 13] Permission denied: './tool'",
      'Python could not start another program: "./tool" may not be run, or the folder that it was to start in (cwd) not be entered.',
    ],
  ].map(([id = '', said = '', says = '']) => ({
    id,
    says,
    from: 'python3.11, subprocess.run',
    stderr: inSubprocess(said),
    exitCode: 1,
    nearMiss: {
      stderr: `Traceback (most recent call last):\n  File "/home/ada/project/train.py", line 2, in <module>\n    open(x)\n${said}\n`,
      exitCode: 1,
    },
  })),
  ...printedSamples([
    [
      'file-watchers',
      `${GITHUB}/gatsbyjs/gatsby/issues/14789`,
      nodeError(
        "Error: ENOSPC: System limit for number of file watchers reached, watch '/home/akash/appme/node_modules'",
      ),
      nodeError('Error: ENOSPC: no space left on device, write'),
      'The system lets you watch no more files for changes.',
    ],
  ]),
  {
    id: 'command-not-found',
    from: 'dash 0.5.12, a script whose name has no ending',
    stderr: 'bin/train: 2: trane: not found\n',
    exitCode: 127,
    says: 'The command "trane" is not on the PATH of the task.',
    nearMiss: { stderr: 'bin/train: 2: trane: not found\n', exitCode: 1 },
  },
  {
    id: 'command-not-found',
    from: 'exit code of a shell',
    stderr: '',
    exitCode: 127,
    says: 'Exit code 127 is what shells give where a command was not found. The output does not say which, nor prove it.',
    nearMiss: { stderr: '', exitCode: 12 },
  },
  {
    id: 'not-executable',
    from: 'exit code of a shell',
    stderr: '',
    exitCode: 126,
    says: 'Exit code 126 is what shells give where a command was found and could not be run. The output does not say which, nor prove it.',
    nearMiss: { stderr: '', exitCode: 12 },
  },
  ...raisedSamples([
    [
      'disk-quota',
      `${GITHUB}/KennthShang/HostG/issues/7`,
      "OSError: [Errno 122] Disk quota exceeded: 'out/intermediate.ntw'",
      'ValueError: quota of requests exceeded',
      'Your quota on that disk is used up.',
    ],
    [
      'disk-full',
      'python3.11 and /dev/full',
      'OSError: [Errno 28] No space left on device',
      'ValueError: no space left in the grid',
      'A disk that the task writes to is full.',
    ],
    [
      'read-only-disk',
      `${GITHUB}/changliao1025/pyflowline/issues/164`,
      "OSError: [Errno 30] Read-only file system: '/compyfs'",
      'AttributeError: read-only attribute',
      'The task wrote to a disk that is read-only there.',
    ],
    [
      'too-many-open-files',
      'python3.11 under ulimit -n 10',
      "OSError: [Errno 24] Too many open files: '/dev/null'",
      'ValueError: too many files in the list',
      'The program has more files open than it may.',
    ],
    [
      'hdf5-locked',
      `${GITHUB}/open-mpi/ompi/issues/6535`,
      "OSError: Unable to open file (unable to lock file, errno = 11, error message = 'Resource temporarily unavailable')",
      'OSError: Unable to open file (file signature not found)',
      'HDF5 could not lock a file: another process has it open, or the file system has no locks.',
    ],
    [
      'too-many-processes',
      'python3.11 under ulimit -u',
      "RuntimeError: can't start new thread",
      'RuntimeError: threads can only be started once',
      'The system would start no more processes or threads for you.',
    ],
    [
      'stale-file-handle',
      `${GITHUB}/appsmithorg/appsmith/issues/32528`,
      'OSError: [Errno 116] Stale file handle',
      'ValueError: I/O operation on closed file',
      'A file on a network disk was replaced or removed while the task used it.',
    ],
    [
      'input-output-error',
      'python3.11 and /proc/self/mem',
      'OSError: [Errno 5] Input/output error',
      'ValueError: input and output have different sizes',
      'A disk, or the network disk behind it, failed.',
    ],
    [
      'argument-list-too-long',
      'python3.11, subprocess',
      "OSError: [Errno 7] Argument list too long: 'ls'",
      'TypeError: f() takes 1 positional argument but 2 were given',
      'A command was longer than the system allows.',
    ],
    [
      'sqlite-locked',
      'python3.11, sqlite3',
      'sqlite3.OperationalError: database is locked',
      'sqlite3.OperationalError: no such table: runs',
      'An SQLite database was locked by somebody else for longer than the program waits.',
    ],
    [
      'permission-denied',
      'python3.11 as nobody',
      "PermissionError: [Errno 13] Permission denied: '/etc/shadow'",
      'ValueError: permission of the role is denied',
      'The task may not use "/etc/shadow".',
    ],
    [
      'file-missing',
      'python3.11',
      "FileNotFoundError: [Errno 2] No such file or directory: '/data/abc.csv'",
      'FileNotFoundError: no checkpoint in the run',
      'There is no "/data/abc.csv" on that machine.',
    ],
  ]),
];

/** Python names the program, or the folder that it was to start in, in the same words. */
function inSubprocess(said: string): string {
  const library = '/usr/lib/python3.11/subprocess.py';
  return `Traceback (most recent call last):\n  File "/home/ada/project/train.py", line 2, in <module>\n    subprocess.run(["nosuchprog", "x"])\n  File "${library}", line 548, in run\n    with Popen(*popenargs, **kwargs) as process:\n  File "${library}", line 1950, in _execute_child\n    raise child_exception_type(errno_num, err_msg, err_filename)\n${said}\n`;
}
