import { nodeError, printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const PYTHON_SAMPLES: readonly PatternSample[] = [
  ...raisedSamples([
    [
      'numpy-abi',
      `${GITHUB}/cyndilib/cyndilib/issues/5`,
      'ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject',
      'ValueError: the dtype size of the table changed',
      'A compiled package was built for another version of NumPy than the one installed.',
    ],
    [
      'numpy-removed-name',
      `${GITHUB}/csxmli2016/ASFFNet512/issues/8`,
      "AttributeError: module 'numpy' has no attribute 'float'.\n`np.float` was a deprecated alias for the builtin `float`.",
      "AttributeError: module 'numpyro' has no attribute 'float'",
      'The code uses the name "float" of numpy, which the installed NumPy no longer has.',
    ],
    [
      'glibc-too-old',
      `${GITHUB}/NVlabs/BundleSDF/issues/185`,
      "ImportError: /usr/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /opt/conda/envs/py38/lib/python3.8/site-packages/scipy/spatial/_ckdtree.cpython-38-x86_64-linux-gnu.so)",
      "ImportError: version `2.0' of the plugin not found",
      'A compiled package needs "GLIBCXX_3.4.29", which the system libraries there are too old for.',
    ],
    [
      'shared-library-missing',
      `${GITHUB}/mesunhlf/UPC-tf/issues/7`,
      'ImportError: libcudart.so.11.0: cannot open shared object file: No such file or directory',
      'ImportError: cannot open the shared memory object: No such file or directory',
      'The shared library "libcudart.so.11.0" was not found.',
    ],
    [
      'undefined-symbol',
      'python3.11, ctypes.CDLL of a library built with gcc',
      'OSError: ./libx.so: undefined symbol: missing_function',
      'NameError: undefined symbol in the expression',
      'A compiled library needs the symbol "missing_function", which none of the loaded libraries has.',
    ],
    [
      'package-version-conflict',
      `${GITHUB}/huggingface/transformers/issues/11799`,
      'ImportError: tokenizers>=0.10.1,<0.11 is required for a normal functioning of this module, but found tokenizers==0.8.1rc1.',
      'ImportError: a token is required for this module',
      'The installed packages do not fit what the program asks for ("tokenizers>=0.10.1,<0.11").',
    ],
    [
      'python-module-missing',
      'python3.11',
      "ModuleNotFoundError: No module named 'torch'",
      'ValueError: no module of that name in the layout',
      'The Python that ran the task has no module "torch".',
    ],
    [
      'python-import-name',
      'python3.11',
      "ImportError: cannot import name 'nope' from 'os' (/usr/lib/python3.11/os.py)",
      'ImportError: attempted relative import with no known parent package',
      'The module "os" has no "nope".',
    ],
    [
      'python-syntax',
      'python3.11',
      "SyntaxError: '(' was never closed",
      'ValueError: SyntaxError: in the formula',
      `Python cannot read a source text: "'(' was never closed".`,
    ],
    [
      'python-syntax',
      'python3.11',
      'IndentationError: unexpected indent',
      'ValueError: the indent of the list is not expected',
      'Python cannot read a source text: "unexpected indent".',
    ],
  ]),
  ...printedSamples([
    [
      'python-module-missing',
      'python3.11 -m nope',
      '/root/.pyenv/versions/3.11.7/bin/python3: No module named nope',
      'python3: no module is named in the file',
      'The Python that ran the task has no module "nope".',
    ],
    [
      'node-file-missing',
      'node 20, require of a file of its own',
      nodeError("Error: Cannot find module './nomodel'\nRequire stack:\n- /project/train.js"),
      nodeError("Error: Cannot find module 'nomodel'\nRequire stack:\n- /project/train.js"),
      'Node.js did not find the file "./nomodel".',
    ],
    [
      'node-file-missing',
      'node 20, a program that does not exist',
      nodeError("Error: Cannot find module '/project/nosuch.js'"),
      nodeError('Error: Cannot find model /project/nosuch.js'),
      'Node.js did not find the file "/project/nosuch.js".',
    ],
    [
      'node-module-missing',
      'node 20, an ES module',
      nodeError("Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'nopkg' imported from /project/train.mjs"),
      nodeError(
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/project/no.mjs' imported from /project/train.mjs",
      ),
      'Node.js did not find the package "nopkg".',
    ],
    [
      'node-syntax',
      'node 20',
      nodeError("SyntaxError: Unexpected token ')'"),
      nodeError('SyntaxError: Unexpected token \'b\', "bad" is not valid JSON'),
      `Node.js cannot read a JavaScript text: "Unexpected token ')'".`,
    ],
    [
      'node-syntax',
      'node 20',
      nodeError('SyntaxError: Cannot use import statement outside a module'),
      nodeError('TypeError: Cannot use import statement outside a module'),
      'Node.js took a file for a CommonJS module, and it is an ES module.',
    ],
    [
      'node-module-missing',
      'node 20',
      "node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module 'nope-module'\nRequire stack:\n- /project/train.js\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n    at require (node:internal/modules/helpers:182:18)\n    at Object.<anonymous> (/project/train.js:1:1) {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/project/train.js' ]\n}\n\nNode.js v20.20.2",
      'Error: Cannot find the module in the catalogue\n    at main (/project/train.js:3:1)',
      'Node.js did not find the package "nope-module".',
    ],
    [
      'r-package-missing',
      `${GITHUB}/hadley/mastering-shiny/issues/382`,
      'Error in value[[3L]](cond) : there is no package called ‘dplyr’\nCalls: local ... tryCatch -> tryCatchList -> tryCatchOne -> <Anonymous>\nExecution halted',
      'Error in read.csv(f) : there is no column called ‘dplyr’\nExecution halted',
      'The R that ran the task has no package "dplyr".',
    ],
    [
      'julia-package-missing',
      `${GITHUB}/JuliaLang/julia/issues/32976`,
      'ERROR: LoadError: ArgumentError: Package AbstractFFTs not found in current path:\n- Run `import Pkg; Pkg.add("AbstractFFTs")` to install the AbstractFFTs package.\n\nStacktrace:\n [1] require(::Module, ::Symbol) at ./loading.jl:876\n [2] include at ./boot.jl:328 [inlined]\nin expression starting at /Users/ctk/.julia/config/startup.jl:4',
      'ERROR: LoadError: ArgumentError: invalid index: nothing\nStacktrace:\n [1] main() at ./main.jl:1',
      'Julia has no package "AbstractFFTs" in the environment of the task.',
    ],
  ]),
  ...printedSamples(
    [
      [
        'shell-syntax',
        'bash 5.2',
        "syn.sh: line 1: syntax error near unexpected token `then'\nsyn.sh: line 1: `if then'",
        'parser: line 1 has a syntax error',
        'The shell cannot read a script.',
      ],
      [
        'bash-word-in-sh',
        'dash 0.5.12',
        'run.sh: 3: set: Illegal option -o pipefail',
        'run.sh: 3: set: Illegal option -q',
        'A script uses "-o pipefail", which bash knows, and was run with a plain sh, which does not.',
      ],
    ],
    2,
  ),
  ...printedSamples(
    [
      [
        'bash-word-in-sh',
        'dash 0.5.12',
        'run.sh: 2: source: not found',
        'run.sh: 2: sources: not found',
        'A script uses "source", which bash knows, and was run with a plain sh, which does not.',
      ],
    ],
    127,
  ),
  ...printedSamples([
    [
      'shell-unset-variable',
      'bash 5.2, set -u',
      'x.sh: line 7: UNSET_VAR: unbound variable',
      'warning: x is an unbound variable of the formula',
      'The script uses the variable "UNSET_VAR", which is not set there.',
    ],
  ]),
];
