import { printed, raised, said, type FailurePattern } from './failurePattern';

const ERRNO = 'https://man7.org/linux/man-pages/man3/errno.3.html';
const SHELL_STATUS = 'https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html';

/** Files, disks, commands, limits of the system, and what sets up the environment. */
export const SYSTEM_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'lmod-module-unknown',
    class: 'environment',
    matchers: [
      printed(/The following module\(s\) are unknown:(?: *"(?<module>[^"]+)")?/u),
      printed(
        /These module\(s\) or extension\(s\) exist but cannot be loaded as requested: "(?<module>[^"]+)"/u,
      ),
      printed(
        /ModuleCmd_Load\.c\(\d+\):ERROR:105: Unable to locate a modulefile for '(?<module>[^']+)'|ERROR: Unable to locate a modulefile for '(?<module2>[^']+)'/u,
      ),
    ],
    explanation: 'The module system there cannot load the module {module}{module2}.',
    advice:
      'Run "module spider" for its name there, and correct the setup lines of the source. Some modules need others loaded first.',
    source: 'https://lmod.readthedocs.io/en/latest/135_module_spider.html',
  },
  {
    id: 'module-command-missing',
    class: 'environment',
    matchers: [printed(/(?:\bmodule: command not found|\bmodule: not found)\b/u)],
    explanation: 'The shell does not know the command "module".',
    advice:
      'Add the line that defines it to the setup of the source, before "module load": often ". /etc/profile.d/modules.sh" or ". /etc/profile.d/lmod.sh".',
    source: 'https://lmod.readthedocs.io/en/latest/030_installing.html',
  },
  {
    id: 'conda-not-initialised',
    class: 'environment',
    matchers: [
      printed(
        /Run 'conda init' before 'conda activate'|Your shell has not been properly configured to use 'conda activate'/u,
      ),
    ],
    explanation: 'conda activate works only in a shell where conda was set up.',
    advice:
      'Use conda_env of the source instead of "conda activate", or put ". /path/to/conda/etc/profile.d/conda.sh" before it in the setup.',
    source: 'https://docs.conda.io/projects/conda/en/stable/dev-guide/deep-dives/activation.html',
  },
  {
    id: 'conda-environment-missing',
    class: 'environment',
    matchers: said(
      /Could not find conda environment: (?<name>\S+)|EnvironmentLocationNotFound: Not a conda environment: (?<path>\S+)/u,
    ),
    explanation: 'There is no conda environment {name}{path} on that machine.',
    advice: 'Run "conda info --envs" there. Create it, or correct conda_env of the source.',
    source: 'https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html',
  },
  {
    id: 'script-line-endings',
    class: 'environment',
    matchers: [
      printed(
        /(?:\/\S*)?\^M: (?:bad interpreter|No such file)|bad interpreter: No such file or directory|\$'\\r': command not found/u,
      ),
    ],
    explanation:
      'The first line of a script names a program that is not there. With ^M or \\r the script has Windows line endings.',
    advice:
      'Convert the script with dos2unix, or set its "eol" to lf in .gitattributes; else correct the path after "#!".',
    source: 'https://man7.org/linux/man-pages/man2/execve.2.html',
  },
  {
    id: 'interpreter-missing',
    class: 'environment',
    matchers: [printed(/cannot execute: required file not found/u)],
    explanation:
      'A program exists, but what it needs to start does not: the interpreter after "#!", or its dynamic loader.',
    advice:
      'Look at the first line of the script (with "cat -A" for Windows line endings). A binary was built for another system.',
    source: 'https://man7.org/linux/man-pages/man2/execve.2.html',
  },
  {
    id: 'exec-format',
    class: 'environment',
    matchers: said(/Exec format error|cannot execute binary file/u),
    explanation:
      'The system cannot run a file as a program: it is for another processor, or a script without "#!".',
    advice: 'Check it with "file". Build it for this machine, or add the "#!" line.',
    source: 'https://man7.org/linux/man-pages/man2/execve.2.html',
  },
  {
    id: 'command-not-found',
    class: 'environment',
    matchers: [
      printed(/(?:^|: )(?<command>[\w./+@-]+): command not found$/u),
      printed(/^(?:[\w./-]+: )(?:line )?\d+: (?:exec: )?(?<command>[\w./+@-]+): not found$/u),
      printed(/^(?:\/usr\/bin\/)?env: [‘'"](?<command>[^’'"]+)[’'"]: No such file or directory$/u),
      raised(
        /FileNotFoundError: \[Errno 2\] No such file or directory: '(?<command>[\w.+-]+)'(?=[\s\S]*\bExecvp\b)/u,
      ),
      { in: 'end', codes: [127] },
    ],
    explanation: 'The command {command} is not on the PATH of the task.',
    advice:
      'Install it there, or add what provides it to the setup of the source (module load, conda_env, PATH). Tasks do not read .bashrc.',
    source: SHELL_STATUS,
  },
  {
    id: 'not-executable',
    class: 'environment',
    matchers: [
      printed(/^\S+: (?:line \d+: |\d+: )?(?:exec: )?(?<file>\S+): Permission denied$/u),
      { in: 'end', codes: [126] },
    ],
    explanation: 'The system would not run {file}: it may not be executed.',
    advice:
      'Make it executable (chmod +x, and git update-index --chmod=+x), or start it through its interpreter. A disk mounted with noexec runs nothing.',
    source: SHELL_STATUS,
  },
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
    matchers: [printed(/Unable to create '(?<file>.+\.lock)': File exists/u)],
    explanation: 'Another git process holds the lock {file}, or one died with it.',
    advice: 'Let tasks not run git side by side in one repository. If no git runs, remove the file.',
    remedy: 'again',
    source: 'https://git-scm.com/docs/git#_the_git_repository',
  },
  {
    id: 'sqlite-locked',
    class: 'task',
    matchers: [raised(/database is locked/u)],
    explanation: 'Several tasks write to one SQLite database, and one waited too long.',
    advice:
      'Give each task its own database, raise the timeout, or use a server (e.g. for Optuna: PostgreSQL or a journal file).',
    source: 'https://www.sqlite.org/rescode.html#busy',
  },
  {
    id: 'permission-denied',
    class: 'environment',
    matchers: said(
      /PermissionError: \[Errno 13\] Permission denied: ['"](?<file>.+?)['"]|EACCES: permission denied, \w+ '(?<file2>[^']+)'|Operation not permitted: '(?<file3>[^']+)'/u,
    ),
    explanation: 'The task may not use {file}{file2}{file3}.',
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
      raised(/NotADirectoryError: \[Errno 20\] Not a directory: ['"](?<file>.+)['"]/u),
      raised(/ENOENT: no such file or directory, \w+ '(?<file>[^']+)'/u),
      printed(/can't open file ['"](?<file>.+)['"]: \[Errno 2\] No such file or directory/u),
      printed(/^(?:\w+|\S+: line \d+): (?<file>[\w./~-]+\/[\w./~-]+): No such file or directory$/u),
    ],
    explanation: 'There is no {file} on that machine.',
    advice:
      'A relative path counts from the root of the project there. Check that the file is synced (not ignored), or give the path of that machine as a parameter.',
    source: 'https://docs.python.org/3/library/exceptions.html#FileNotFoundError',
  },
];
