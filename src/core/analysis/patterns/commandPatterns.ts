import {
  endedWith,
  notInPython,
  printed,
  raised,
  said,
  worded,
  type FailurePattern,
  type Matcher,
  type PatternValues,
  type RaisedException,
} from './failurePattern';

const SHELL_STATUS = 'https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html';

/** Programs that cannot be found, started or built, and what sets up the environment. */
export const COMMAND_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'lmod-module-unknown',
    class: 'environment',
    matchers: [
      printed(/The following module\(s\) are unknown:(?: *"(?<module>[^"]+)")?/u),
      printed(
        /These module\(s\) or extension\(s\) exist but cannot be loaded as requested: "(?<module>[^"]+)"/u,
      ),
      printed(/ERROR(?::105)?: Unable to locate a modulefile for '(?<module>[^']+)'/u),
    ],
    explanation: 'The module system there cannot load the module {module}.',
    advice:
      'Run "module spider" for its name there, and correct the setup lines of the source. Some modules need others loaded first.',
    source: 'https://lmod.readthedocs.io/en/latest/135_module_spider.html',
  },
  {
    id: 'module-command-missing',
    class: 'environment',
    matchers: [printed(/(?:^|: )module: (?:command )?not found\b/u)],
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
      /Could not find conda environment: (?<name>\S+)/u,
      /EnvironmentLocationNotFound: Not a conda environment: (?<name>\S+)/u,
    ),
    explanation: 'There is no conda environment {name} on that machine.',
    advice: 'Run "conda info --envs" there. Create it, or correct conda_env of the source.',
    source: 'https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html',
  },
  {
    id: 'script-line-endings',
    class: 'environment',
    matchers: [
      printed(
        /\^M: (?:bad interpreter|No such file)|\$'\\r': command not found|\$'[^']*\\r': No such file or directory|'[^']+\\r': No such file or directory/u,
      ),
    ],
    explanation: 'A script has Windows line endings, and what runs it takes them for a part of its words.',
    advice: 'Convert the script with dos2unix, and set its "eol" to lf in .gitattributes.',
    source: 'https://man7.org/linux/man-pages/man2/execve.2.html',
  },
  {
    id: 'interpreter-missing',
    class: 'environment',
    matchers: [
      printed(/(?:^|: )(?<file>[^:\s]+): cannot execute: required file not found$/u),
      printed(/(?:^|: )(?<file>[^:\s]+): \S+: bad interpreter: No such file or directory$/u),
    ],
    explanation:
      'What {file} needs to start is not there: the interpreter after "#!" in its first line, or its dynamic loader.',
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
      printed(/(?:^|: )(?<command>[\w.+@-]+): command not found$/u),
      printed(/^\S+:\d+: command not found: (?<command>\S+)$/u),
      ...saidBySh(String.raw`(?<command>[\w.+@-]+)`),
      printed(
        /^(?:\S*\/)?(?:env|nice|nohup|timeout|stdbuf|setsid|xargs|time): (?:(?:failed to (?:run command|execute)|cannot run) )?[‘'"]?(?<command>[^\s/:’'"]+)[’'"]?: No such file or directory$/u,
      ),
      printed(/^(?:slurmstepd|srun): error: execve\(\): (?<command>[^\s/:]+): No such file or directory$/u),
      ...worded(
        [
          printed(/(?:^|: )(?<command>[\w.+@-]*\/[\w./+@-]*): command not found$/u),
          ...saidBySh(String.raw`(?<command>[\w.+@-]*\/[\w./+@-]*)`),
          printed(/^(?:slurmstepd|srun): error: execve\(\): (?<command>\S+): No such file or directory$/u),
        ],
        {
          explanation:
            'The program {command} is not there, or what it needs to start is not: the interpreter after "#!".',
          advice:
            'Check that the file is synced (not ignored) and the path right. If it is, look at its first line with "cat -A": Windows line endings show as ^M.',
        },
      ),
      raised(/FileNotFoundError: \[Errno 2\] No such file or directory: '(?<command>[^']+)'/u, {
        when: inSubprocess,
        explanation:
          'Python could not start another program: {command} is not there. That is the program, or the folder that it was to start in (cwd).',
        advice:
          'Install the program there, or add what provides it to the setup of the source (module load, conda_env, PATH). Check cwd where the line in the traceback gives one.',
      }),
      endedWith(
        127,
        'Exit code 127 is what shells give where a command was not found. The output does not say which, nor prove it.',
        'Look for a command in the script that is not on the PATH there. Tasks do not read .bashrc: load what provides it in the setup of the source.',
      ),
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
      printed(
        /^\S+: (?:line \d+: |\d+: )?(?:exec: )?(?<file>[^\s:]+): (?:cannot execute: )?Permission denied$/u,
        {
          exitCodes: [126],
        },
      ),
      printed(/^\S+: (?:failed to run command )?['‘](?<file>[^'’]+)['’]: Permission denied$/u, {
        exitCodes: [126],
      }),
      printed(/^(?:slurmstepd|srun): error: execve\(\): (?<file>\S+): Permission denied$/u),
      raised(/PermissionError: \[Errno 13\] Permission denied: '(?<file>[^']+)'/u, {
        when: inSubprocess,
        explanation:
          'Python could not start another program: {file} may not be run, or the folder that it was to start in (cwd) not be entered.',
      }),
      endedWith(
        126,
        'Exit code 126 is what shells give where a command was found and could not be run. The output does not say which, nor prove it.',
      ),
    ],
    explanation: 'The system would not run {file}: it may not be executed.',
    advice:
      'Make it executable (chmod +x, and git update-index --chmod=+x), or start it through its interpreter. A disk mounted with noexec runs nothing.',
    source: SHELL_STATUS,
  },
  {
    id: 'make-no-rule',
    class: 'environment',
    matchers: [
      printed(/^make(?:\[\d+\])?: \*\*\* No rule to make target [`'](?<file>[^']+)'/u),
      printed(/^make(?:\[\d+\])?: \*\*\* No targets specified and no makefile found/u, {
        explanation: 'make found no makefile in the folder where it ran.',
      }),
    ],
    explanation: 'make knows no way to make {file}, and the file is not there.',
    advice:
      'Check its name, that it is synced (not ignored), and the folder: commands start in the project there.',
    source: 'https://www.gnu.org/software/make/manual/html_node/Error-Messages.html',
  },
  {
    id: 'java-class-missing',
    class: 'environment',
    matchers: said(
      /Could not find or load main class (?<name>\S+)/u,
      /\bjava\.lang\.NoClassDefFoundError: (?<name>\S+)/u,
      /\bjava\.lang\.ClassNotFoundException: (?<name>\S+)/u,
    ),
    explanation: 'Java did not find the class {name}.',
    advice:
      'Check -cp (CLASSPATH), and that what was compiled is on that machine: build it there, or sync it.',
    source: 'https://docs.oracle.com/en/java/javase/17/docs/specs/man/java.html',
  },
  {
    id: 'compile-error',
    class: 'task',
    matchers: [
      raised(/^error: (?<file>[^\s:]+): No such file or directory/u, {
        when: notInPython,
        explanation: 'The compiler did not find {file}, which the code includes.',
        advice:
          'Install the package that brings it, or load its module in the setup of the source; -I names its folder to the compiler.',
      }),
      raised(/^error: (?<why>(?:undefined reference to|multiple definition of) [^\n]+)/u, {
        when: notInPython,
        explanation: 'The linker could not put the program together: {why}.',
        advice:
          'Name the library or the file that defines it to the linker, after those that use it (-l, -L). Parts that were built by different compilers do not always fit.',
      }),
      raised(/^error: (?<why>[^\n]+)/u, { when: inCompiledSource }),
      printed(/^\S*\bld: cannot find (?<why>-l[^\s:]+)/u, {
        explanation: 'The linker did not find the library {why}.',
        advice: 'Install it there, or load its module in the setup of the source; -L names its folder.',
      }),
    ],
    explanation: 'A compiler refused the code: {why}.',
    advice:
      'Correct the line that it names. If the code is right, the compiler there may be older than it needs.',
    source: 'https://gcc.gnu.org/onlinedocs/gcc/Warnings-and-Errors.html',
  },
  {
    id: 'fortran-runtime',
    class: 'task',
    matchers: said(/^Fortran runtime error: (?<why>[^\n]+)/u),
    explanation: 'The Fortran program ended with an error: {why}.',
    advice:
      'The line before it names file and line. Build with -g -fcheck=all -fbacktrace to see more, and check the input that these tasks read.',
    source: 'https://gcc.gnu.org/onlinedocs/gfortran/Debugging-Options.html',
  },
];

/**
 * `run.sh: 4: python4: not found`: the name of the script, or the exit code, tells that it is a shell who says so, and not
 * a program of a line in its data.
 */
function saidBySh(command: string): readonly Matcher[] {
  const said = String.raw`: (?:line )?\d+: (?:exec: )?${command}: not found$`;
  return [
    printed(new RegExp(String.raw`^(?:[\w./-]*\/)?(?:[\w.-]+\.sh|(?:ba|da|a|k)?sh)${said}`, 'u')),
    printed(new RegExp(String.raw`^[\w./-]+${said}`, 'u'), { exitCodes: [127] }),
  ];
}

/** Where Python starts other programs: it tells of a program and of a folder to start in with the same words. */
function inSubprocess(_: PatternValues, { frames = [] }: RaisedException): boolean {
  const deepest = frames.at(-1);
  return deepest?.function === '_execute_child' && /\bsubprocess\.py$/u.test(deepest.file);
}

/** Others than compilers name file and line in the same way. */
function inCompiledSource(_: PatternValues, { isPython, frames = [] }: RaisedException): boolean {
  const { file = '' } = frames.at(-1) ?? {};
  return (
    isPython === false &&
    /\.(?:c|cc|cpp|cxx|h|hh|hpp|cu|cuh|f|for|f\d\d|rs|go|d|m|mm|swift|java)$/iu.test(file)
  );
}
