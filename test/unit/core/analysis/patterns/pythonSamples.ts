import { printedSamples, raisedSamples, type PatternSample } from './sample';

const GITHUB = 'https://github.com';

export const PYTHON_SAMPLES: readonly PatternSample[] = [
  ...raisedSamples([
    [
      'numpy-abi',
      `${GITHUB}/cyndilib/cyndilib/issues/5`,
      'ValueError: numpy.dtype size changed, may indicate binary incompatibility. Expected 96 from C header, got 88 from PyObject',
      'ValueError: the dtype size of the table changed',
    ],
    [
      'numpy-removed-name',
      `${GITHUB}/csxmli2016/ASFFNet512/issues/8`,
      "AttributeError: module 'numpy' has no attribute 'float'.\n`np.float` was a deprecated alias for the builtin `float`.",
      "AttributeError: module 'numpyro' has no attribute 'float'",
    ],
    [
      'glibc-too-old',
      `${GITHUB}/NVlabs/BundleSDF/issues/185`,
      "ImportError: /usr/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by /opt/conda/envs/py38/lib/python3.8/site-packages/scipy/spatial/_ckdtree.cpython-38-x86_64-linux-gnu.so)",
      "ImportError: version `2.0' of the plugin not found",
    ],
    [
      'shared-library-missing',
      `${GITHUB}/mesunhlf/UPC-tf/issues/7`,
      'ImportError: libcudart.so.11.0: cannot open shared object file: No such file or directory',
      'ImportError: cannot open the shared memory object: No such file or directory',
    ],
    [
      'undefined-symbol',
      'python3.11, ctypes.CDLL of a library built with gcc',
      'OSError: ./libx.so: undefined symbol: missing_function',
      'NameError: undefined symbol in the expression',
    ],
    [
      'package-version-conflict',
      `${GITHUB}/huggingface/transformers/issues/11799`,
      'ImportError: tokenizers>=0.10.1,<0.11 is required for a normal functioning of this module, but found tokenizers==0.8.1rc1.',
      'ImportError: a token is required for this module',
    ],
    [
      'python-module-missing',
      'python3.11',
      "ModuleNotFoundError: No module named 'torch'",
      'ValueError: no module of that name in the layout',
    ],
    [
      'python-import-name',
      'python3.11',
      "ImportError: cannot import name 'nope' from 'os' (/usr/lib/python3.11/os.py)",
      'ImportError: attempted relative import with no known parent package',
    ],
    [
      'python-syntax',
      'python3.11',
      "SyntaxError: '(' was never closed",
      'ValueError: SyntaxError: in the formula',
    ],
  ]),
  ...printedSamples([
    [
      'python-module-missing',
      'python3.11 -m nope',
      '/root/.pyenv/versions/3.11.7/bin/python3: No module named nope',
      'python3: no module is named in the file',
    ],
    [
      'node-module-missing',
      'node 20',
      "node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module 'nope-module'\nRequire stack:\n- /project/train.js\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)\n    at require (node:internal/modules/helpers:182:18)\n    at Object.<anonymous> (/project/train.js:1:1) {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/project/train.js' ]\n}\n\nNode.js v20.20.2",
      'Error: Cannot find the module in the catalogue\n    at main (/project/train.js:3:1)',
    ],
    [
      'r-package-missing',
      `${GITHUB}/hadley/mastering-shiny/issues/382`,
      'Error in value[[3L]](cond) : there is no package called ‘dplyr’\nCalls: local ... tryCatch -> tryCatchList -> tryCatchOne -> <Anonymous>\nExecution halted',
      'Error in read.csv(f) : there is no column called ‘dplyr’\nExecution halted',
    ],
    [
      'julia-package-missing',
      `${GITHUB}/JuliaLang/julia/issues/32976`,
      'ERROR: LoadError: ArgumentError: Package AbstractFFTs not found in current path:\n- Run `import Pkg; Pkg.add("AbstractFFTs")` to install the AbstractFFTs package.\n\nStacktrace:\n [1] require(::Module, ::Symbol) at ./loading.jl:876\n [2] include at ./boot.jl:328 [inlined]\nin expression starting at /Users/ctk/.julia/config/startup.jl:4',
      'ERROR: LoadError: ArgumentError: invalid index: nothing\nStacktrace:\n [1] main() at ./main.jl:1',
    ],
  ]),
  ...printedSamples(
    [
      [
        'shell-syntax',
        'bash 5.2',
        "syn.sh: line 1: syntax error near unexpected token `then'\nsyn.sh: line 1: `if then'",
        'parser: line 1 has a syntax error',
      ],
    ],
    2,
  ),
  ...printedSamples([
    [
      'shell-unset-variable',
      'bash 5.2, set -u',
      'x.sh: line 7: UNSET_VAR: unbound variable',
      'warning: x is an unbound variable of the formula',
    ],
  ]),
];
