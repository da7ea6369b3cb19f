import { printed, raised, said, worded, type FailurePattern } from './failurePattern';
import { unixMessages } from './unixMessages';

const ERRNO = 'https://man7.org/linux/man-pages/man3/errno.3.html';

/** Files, disks and limits of the system. */
export const SYSTEM_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'disk-quota',
    class: 'resource',
    matchers: said(/Disk quota exceeded|Errno 122\b/u),
    explanation: 'Your quota on that disk is used up.',
    advice:
      'Remove what is not needed there (quota -s or the tool of your site shows it), or move output, caches (HF_HOME, PIP_CACHE_DIR) and checkpoints to another disk. Many small files count too.',
    source: ERRNO,
  },
  {
    id: 'file-watchers',
    class: 'resource',
    matchers: said(
      /System limit for number of file watchers reached|inotify (?:watch|instance) limit reached/u,
    ),
    explanation: 'The system lets you watch no more files for changes.',
    advice:
      'Switch off watching in the task (a development server, live reload). Else fs.inotify.max_user_watches must be raised there, which takes an administrator.',
    source: 'https://man7.org/linux/man-pages/man7/inotify.7.html',
  },
  {
    id: 'disk-full',
    class: 'resource',
    matchers: said(/No space left on device|Errno 28\b|ENOSPC/u),
    explanation: 'A disk that the task writes to is full.',
    advice:
      'Look at the disks in the system information. Free space there, or move output, TMPDIR and caches to another disk. df -i shows whether the number of files is the limit.',
    source: ERRNO,
  },
  {
    id: 'read-only-disk',
    class: 'environment',
    matchers: said(/Read-only file system|Errno 30\b|EROFS/u),
    explanation: 'The task wrote to a disk that is read-only there.',
    advice:
      'Write below the directory of the task (HSM_TASK_DIR, output.dir). If the disk should be writable, it was remounted after an error: tell whoever runs the machine.',
    source: ERRNO,
  },
  {
    id: 'too-many-open-files',
    class: 'resource',
    matchers: said(/Too many open files|Errno 24\b|received 0 items of ancdata/u),
    explanation: 'The program has more files open than it may.',
    advice:
      'Close what is not used; raise the limit with "ulimit -n" in the setup of the source; with PyTorch workers use torch.multiprocessing.set_sharing_strategy("file_system").',
    source: 'https://pytorch.org/docs/stable/multiprocessing.html#file-descriptor-file-descriptor',
  },
  {
    id: 'hdf5-locked',
    class: 'environment',
    matchers: said(/unable to lock file, errno = \d+/u),
    explanation: 'HDF5 could not lock a file: another process has it open, or the file system has no locks.',
    advice:
      'Let each task write a file of its own. For reading on a network disk set HDF5_USE_FILE_LOCKING=FALSE.',
    source: 'https://github.com/h5py/h5py/issues/1101',
  },
  {
    id: 'too-many-processes',
    class: 'resource',
    matchers: said(
      /can't start new thread|fork: (?:retry: )?Resource temporarily unavailable|pthread_create failed for thread \d+|Cannot fork|BlockingIOError: \[Errno 11\] Resource temporarily unavailable/u,
    ),
    explanation: 'The system would start no more processes or threads for you.',
    advice:
      'Set OMP_NUM_THREADS and OPENBLAS_NUM_THREADS to the cores of one slot, use fewer workers or fewer tasks at one time. ulimit -u shows the limit.',
    source: 'https://github.com/OpenMathLib/OpenBLAS/wiki/Faq',
  },
  {
    id: 'stale-file-handle',
    class: 'infrastructure',
    matchers: said(/Stale (?:NFS )?file handle|Errno 116\b|ESTALE/u),
    explanation: 'A file on a network disk was replaced or removed while the task used it.',
    advice: 'Rerun it. If it comes again, look what rewrites the code or the data while tasks run.',
    remedy: 'again',
    source: ERRNO,
  },
  {
    id: 'input-output-error',
    class: 'infrastructure',
    matchers: said(/Input\/output error|Errno 5\b|Transport endpoint is not connected|Errno 107\b/u),
    explanation: 'A disk, or the network disk behind it, failed.',
    advice: 'Rerun it on another host; if that works, report this one.',
    remedy: 'host',
    source: ERRNO,
  },
  {
    id: 'argument-list-too-long',
    class: 'task',
    matchers: said(/Argument list too long|Errno 7\b/u),
    explanation: 'A command was longer than the system allows.',
    advice: 'Give long parameters in a file (params.yaml of the task) instead of on the command line.',
    source: 'https://man7.org/linux/man-pages/man2/execve.2.html',
  },
  {
    id: 'git-locked',
    class: 'infrastructure',
    matchers: [
      printed(/Unable to create '(?<file>.+\.lock)': File exists/u),
      // Below that line, near the end of what git has to say of it.
      printed(/^may have crashed in this repository earlier:$/u, {
        explanation: 'Another git process holds a lock of the repository, or one died with it.',
      }),
    ],
    explanation: 'Another git process holds the lock {file}, or one died with it.',
    advice: 'Let tasks not run git side by side in one repository. If no git runs, remove the file.',
    remedy: 'again',
    source: 'https://git-scm.com/docs/git#_the_git_repository',
  },
  {
    id: 'sqlite-locked',
    class: 'task',
    matchers: [raised(/database is locked/u)],
    explanation: 'An SQLite database was locked by somebody else for longer than the program waits.',
    advice:
      'If several tasks write to it, give each its own, raise the timeout, or use a server (e.g. for Optuna: PostgreSQL or a journal file).',
    source: 'https://www.sqlite.org/rescode.html#busy',
  },
  {
    id: 'permission-denied',
    class: 'environment',
    matchers: [
      ...said(
        /PermissionError: \[Errno 13\] Permission denied: ['"](?<file>.+?)['"]/u,
        /EACCES: permission denied, \w+ '(?<file>[^']+)'/u,
        /(?:changing \w+ of|Operation not permitted:) '(?<file>[^']+)'/u,
      ),
      ...unixMessages('Permission denied', 'Operation not permitted').map((text) => printed(text)),
      printed(/^(?<file>\/\S+): Permission denied$/u),
    ],
    explanation: 'The task may not use {file}.',
    advice:
      'Check owner and rights of the file and of each folder above it on that machine (namei -l shows all), and whether the path is the one that is meant there.',
    source: 'https://docs.python.org/3/library/exceptions.html#PermissionError',
  },
  {
    id: 'file-missing',
    class: 'environment',
    matchers: [
      raised(
        /FileNotFoundError: \[Errno 2\] (?:No such file or directory|Unable to .*?): ['"](?<file>.+)['"]/u,
      ),
      raised(/ENOENT: no such file or directory, \w+ '(?<file>[^']+)'/u),
      ...worded([raised(/NotADirectoryError: \[Errno 20\] Not a directory: ['"](?<file>.+)['"]/u)], {
        explanation: 'A part of the path {file} is a file, not a folder.',
      }),
      ...unixMessages('No such file or directory', 'No such file', 'Directory nonexistent').map((text) =>
        printed(text),
      ),
      printed(/^\S+:\d+: no such file or directory: (?<file>.+)$/u),
      printed(/^Error: Unable to access jarfile (?<file>.+)$/u),
      printed(/^rsync: .*link_stat "(?<file>[^"]+)" failed: No such file or directory/u),
      printed(/^\S+: \d+: cd: can't cd to (?<file>.+)$/u, {
        explanation:
          'A script could not change to the folder {file}: it is not there, or may not be entered.',
      }),
    ],
    explanation: 'There is no {file} on that machine.',
    advice:
      'A relative path counts from the folder where the command runs, at first the root of the project there. Check that the file is synced (not ignored), or give the path of that machine as a parameter.',
    source: 'https://docs.python.org/3/library/exceptions.html#FileNotFoundError',
  },
];
