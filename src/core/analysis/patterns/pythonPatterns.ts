import { printed, raised, said, type FailurePattern } from './failurePattern';

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
    explanation: 'The code uses numpy.{name}, which the installed NumPy no longer has.',
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
    explanation:
      'A compiled extension was built against another version of a library than the one that is loaded.',
    advice:
      'Build or install the extension anew in this environment (e.g. flash-attn, torch-scatter after an upgrade of PyTorch).',
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
    id: 'node-module-missing',
    class: 'environment',
    matchers: said(/Cannot find module '(?<module>[^']+)'|ERR_MODULE_NOT_FOUND/u),
    explanation: 'Node.js did not find the module {module}.',
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
    matchers: [raised(/^(?:SyntaxError|IndentationError|TabError): /u)],
    explanation: 'Python cannot read a source file.',
    advice:
      'Correct the line in the traceback. If it is right, the Python there is older than the code needs: look at the command of the task.',
    source: 'https://docs.python.org/3/library/exceptions.html#SyntaxError',
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
