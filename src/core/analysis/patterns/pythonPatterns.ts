import {
  inPython,
  notInPython,
  printed,
  raised,
  said,
  type FailurePattern,
  type Matcher,
} from './failurePattern';

const LOADER = 'https://man7.org/linux/man-pages/man8/ld.so.8.html';

/** Modules, versions and shared libraries. */
export const PYTHON_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'numpy-abi',
    class: 'environment',
    matchers: [
      raised(
        /A module that was compiled using NumPy 1\.x cannot be run in|numpy\.(?:dtype|ndarray) size changed, may indicate binary incompatibility|numpy\.core\.multiarray failed to import/u,
      ),
    ],
    explanation: 'A compiled package was built for another version of NumPy than the one installed.',
    advice: 'Upgrade that package (the traceback names it), or install "numpy<2".',
    source: 'https://numpy.org/doc/stable/user/troubleshooting-importerror.html',
  },
  {
    id: 'numpy-removed-name',
    class: 'environment',
    matchers: [
      raised(/AttributeError: module 'numpy' has no attribute '(?<name>\w+)'/u),
      raised(/AttributeError: `np\.(?<name>\w+)` was removed in the NumPy 2\.0 release/u),
    ],
    explanation: 'The code uses the name {name} of numpy, which the installed NumPy no longer has.',
    advice:
      'Replace it (the message names the successor), upgrade the package in the traceback, or pin an older NumPy.',
    source: 'https://numpy.org/doc/stable/numpy_2_0_migration_guide.html',
  },
  {
    id: 'glibc-too-old',
    class: 'environment',
    matchers: said(
      /version `(?<symbol>(?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found(?: \(required by (?<by>[^)]+)\))?/u,
    ),
    explanation: 'A compiled package needs {symbol}, which the system libraries there are too old for.',
    advice:
      'Install a build for that system, load a newer compiler module, or let the libraries of conda come first (conda install -c conda-forge libstdcxx-ng, LD_LIBRARY_PATH=$CONDA_PREFIX/lib).',
    source: LOADER,
  },
  {
    id: 'shared-library-missing',
    class: 'environment',
    matchers: said(
      /(?<library>[\w.+-]+\.so[\w.]*): cannot open shared object file: No such file or directory/u,
    ),
    explanation: 'The shared library {library} was not found.',
    advice:
      'Load the module, or install the package, that brings it, or add its folder to LD_LIBRARY_PATH in the setup of the source.',
    source: LOADER,
  },
  {
    id: 'undefined-symbol',
    class: 'environment',
    matchers: said(/undefined symbol: (?<symbol>\w+)/u),
    explanation: 'A compiled library needs the symbol {symbol}, which none of the loaded libraries has.',
    advice:
      'Usually it was built against another version of a library than the one that is loaded: build or install it anew in this environment (e.g. flash-attn, torch-scatter after an upgrade of PyTorch).',
    source: LOADER,
  },
  {
    id: 'package-version-conflict',
    class: 'environment',
    matchers: [
      raised(/(?:Contextual)?VersionConflict: /u),
      raised(
        /ImportError: (?<need>[\w.-]+ ?(?:[<>=!]=?|~=) ?[\w.,<>=! *-]+) is required for (?:a normal functioning of )?/u,
      ),
      raised(/DistributionNotFound: The '(?<need>[^']+)' distribution was not found/u),
    ],
    explanation: 'The installed packages do not fit what the program asks for ({need}).',
    advice:
      'Install the versions that the message names in the environment of the task; "pip check" lists all conflicts.',
    source: 'https://pip.pypa.io/en/stable/cli/pip_check/',
  },
  {
    id: 'python-module-missing',
    class: 'environment',
    matchers: [
      raised(/ModuleNotFoundError: No module named '(?<module>[\w.]+)'/u),
      printed(/^(?<interpreter>\S+): No module named (?<module>[\w.]+)$/u),
      printed(/ModuleNotFoundError: No module named '(?<module>[\w.]+)'/u),
    ],
    explanation: 'The Python that ran the task has no module {module}.',
    advice:
      'Install it in the environment of that machine, or correct project.python, conda_env or the setup of the source: the command of the task shows which Python it is. A module of the project itself is found when it is installed or PYTHONPATH names its folder.',
    source: 'https://docs.python.org/3/library/exceptions.html#ModuleNotFoundError',
  },
  {
    id: 'python-import-name',
    class: 'environment',
    matchers: [
      raised(
        /ImportError: cannot import name '(?<name>\w+)' from partially initialized module '(?<module>[\w.]+)'/u,
      ),
      raised(/ImportError: cannot import name '(?<name>\w+)' from '(?<module>[\w.]+)'/u),
    ],
    explanation: 'The module {module} has no {name}.',
    advice:
      'Its installed version is probably not the one the code was written for: compare pip show here and there. "partially initialized" means that two modules import each other, or that a file of the project has the name of a package.',
    source: 'https://docs.python.org/3/library/exceptions.html#ImportError',
  },
  {
    id: 'node-file-missing',
    class: 'environment',
    matchers: saidByNode(
      /(?:^|\s)Error(?: \[\w+\])?: Cannot find module '(?<file>(?:\.{0,2}\/|[A-Za-z]:\\|file:)[^']+)'/u,
    ),
    explanation: 'Node.js did not find the file {file}.',
    advice:
      'Check its name, and that it is synced (not ignored). A relative path counts from the file that asks for it; ES modules need the ending.',
    source: 'https://nodejs.org/api/errors.html#module_not_found',
  },
  {
    id: 'node-module-missing',
    class: 'environment',
    matchers: saidByNode(
      /(?:^|\s)Error(?: \[\w+\])?: Cannot find (?:module|package) '(?<module>[^']+)'/u,
      /\bERR_MODULE_NOT_FOUND\b/u,
    ),
    explanation: 'Node.js did not find the package {module}.',
    advice: 'Run npm ci there. node_modules is not synced.',
    source: 'https://nodejs.org/api/errors.html#module_not_found',
  },
  {
    id: 'r-package-missing',
    class: 'environment',
    matchers: said(/there is no package called ['‘](?<module>[\w.]+)['’]/u),
    explanation: 'The R that ran the task has no package {module}.',
    advice: 'Install it there (install.packages), or set R_LIBS to the library that has it.',
    source: 'https://stat.ethz.ch/R-manual/R-devel/library/base/html/library.html',
  },
  {
    id: 'julia-package-missing',
    class: 'environment',
    matchers: said(
      /ArgumentError: Package (?<module>\w+) (?:not found in current path|.*is required but does not seem to be installed)/u,
    ),
    explanation: 'Julia has no package {module} in the environment of the task.',
    advice: 'Start it with --project=. and run Pkg.instantiate() there once.',
    source: 'https://pkgdocs.julialang.org/v1/environments/',
  },
  {
    id: 'python-syntax',
    class: 'task',
    matchers: [raised(/^(?:SyntaxError|IndentationError|TabError): (?<why>[^\n]*)/u, { when: inPython })],
    explanation: 'Python cannot read a source text: {why}.',
    advice:
      'Correct the line in the traceback. If it is right, the Python there is older than the code needs: look at the command of the task.',
    source: 'https://docs.python.org/3/library/exceptions.html#SyntaxError',
  },
  {
    id: 'node-syntax',
    class: 'task',
    matchers: [
      raised(/^SyntaxError: (?<why>Cannot use import statement outside a module[^\n]*)/u, {
        when: notInPython,
        explanation: 'Node.js took a file for a CommonJS module, and it is an ES module.',
        advice: 'Name it .mjs, or set "type": "module" in package.json.',
      }),
      raised(/^SyntaxError: (?<why>[^\n]*)/u, { when: notInPython }),
    ],
    explanation: 'Node.js cannot read a JavaScript text: {why}.',
    advice:
      'Correct the line that it prints. If it is right, the Node.js there is older than the code needs (node --version).',
    source: 'https://nodejs.org/api/errors.html#class-syntaxerror',
  },
  {
    id: 'bash-word-in-sh',
    class: 'task',
    matchers: [
      printed(
        /^\S+: \d+: (?<word>\[\[|source|shopt|declare|typeset|pushd|popd|mapfile|readarray|function|let): not found$/u,
      ),
      printed(/^\S+: \d+: set: Illegal option (?<word>-o pipefail)$/u),
    ],
    explanation: 'A script uses {word}, which bash knows, and was run with a plain sh, which does not.',
    advice: 'Start it with bash (#!/bin/bash in its first line, or bash script.sh), or write it for sh.',
    source: 'https://wiki.ubuntu.com/DashAsBinSh',
  },
  {
    id: 'shell-syntax',
    class: 'task',
    matchers: [printed(/^\S+: (?:line )?\d+: (?:syntax error|Syntax error)/u)],
    explanation: 'The shell cannot read a script.',
    advice: 'Correct the line that it names. A script for bash must not be run with sh.',
    source: 'https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html',
  },
  {
    id: 'shell-unset-variable',
    class: 'task',
    matchers: [printed(/^\S+: (?:line )?\d+: (?<name>\w+): (?:unbound variable|parameter not set)$/u)],
    explanation: 'The script uses the variable {name}, which is not set there.',
    advice:
      'Set it in the setup of the source or in the script, or give it a default (:-value) where it is used.',
    source: 'https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html',
  },
];

/** Python's own errors have the same words, and another type in front. */
function saidByNode(...forms: readonly RegExp[]): readonly Matcher[] {
  return [...forms.map((form) => raised(form, { when: notInPython })), ...forms.map((form) => printed(form))];
}
