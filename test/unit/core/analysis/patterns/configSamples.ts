import { printedSamples, raisedSamples, type PatternSample } from './sample';

const HYDRA = 'Hydra 1.3.8, a program with a small configuration';
const MORE = '\n\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.';

export const CONFIG_SAMPLES: readonly PatternSample[] = [
  ...printedSamples(
    [
      [
        'hydra-unknown-key',
        HYDRA,
        `Could not override 'optimizer.lrr'.\nTo append to your config use +optimizer.lrr=1\nKey 'lrr' is not in struct\n    full_key: optimizer.lrr\n    object_type=dict${MORE}`,
        'WARNING: could not override the default logger',
      ],
      [
        'hydra-key-exists',
        HYDRA,
        `Could not append to config. An item is already at 'optimizer.lr'.\nEither remove + prefix: 'optimizer.lr=1'\nOr add a second + to add or override 'optimizer.lr': '++optimizer.lr=1'${MORE}`,
        'Could not append to config.log',
      ],
      [
        'hydra-nothing-to-delete',
        HYDRA,
        `Could not delete from config. 'missing' does not exist.${MORE}`,
        'Could not delete from cache',
      ],
      [
        'hydra-ambiguous-value',
        HYDRA,
        `Ambiguous value for argument 'optimizer.lr=1,2'\n1. To use it as a list, use key=[value1,value2]\n2. To use it as string, quote the value: key=\\'value1,value2\\'\n3. To sweep over it, add --multirun to your command line${MORE}`,
        'UserWarning: ambiguous value for argument names',
      ],
      [
        'hydra-override-syntax',
        HYDRA,
        `no viable alternative at input '[1,2'\nSee https://hydra.cc/docs/1.2/advanced/override_grammar/basic for details${MORE}`,
        'the solver found no viable alternative at input size 3',
      ],
      [
        'hydra-config-missing',
        HYDRA,
        `In 'config': Could not find 'model/huge'\n\nAvailable options in 'model':\n\tbig\n\tsmall\nConfig search path:\n\tprovider=hydra, path=pkg://hydra.conf${MORE}`,
        "Could not find 'model/huge' in the zoo, downloading it failed",
      ],
      [
        'argument-unknown',
        HYDRA,
        'usage: app.py [--help] [--hydra-help] [--version] [overrides ...]\napp.py: error: unrecognized arguments: --nope',
        'app.py: error: 3 unrecognized tokens',
      ],
      [
        'argument-missing',
        'python3.11, argparse',
        'usage: t.py [-h] --lr LR\nt.py: error: the following arguments are required: --lr',
        't.py: error: the following steps are required',
      ],
      [
        'argument-invalid',
        'python3.11, argparse',
        "usage: t.py [-h] [--lr LR]\nt.py: error: argument --lr: invalid float value: 'abc'",
        "t.py: error: 'abc' is no number",
      ],
    ],
    2,
  ),
  ...raisedSamples([
    [
      'config-value-missing',
      HYDRA,
      `omegaconf.errors.MissingMandatoryValue: Missing mandatory value: need\n    full_key: need\n    object_type=dict${MORE}`,
      'ValueError: Missing value in column need',
    ],
    [
      'config-interpolation',
      HYDRA,
      `omegaconf.errors.InterpolationKeyError: Interpolation key 'nowhere.key' not found\n    full_key: bad\n    object_type=dict${MORE}`,
      "KeyError: 'nowhere.key'",
    ],
    [
      'config-wrong-type',
      'omegaconf 2.3, structured config',
      "omegaconf.errors.ValidationError: Value 'abc' of type 'str' could not be converted to Integer\n    full_key: lr\n    object_type=C",
      "ValueError: could not convert string to float: 'abc'",
    ],
    [
      'config-unknown-key',
      'omegaconf 2.3, OmegaConf.set_struct',
      "omegaconf.errors.ConfigAttributeError: Key 'lr' is not in struct\n    full_key: lr\n    object_type=dict",
      "KeyError: 'lr'",
    ],
    [
      'hydra-target',
      'Hydra 1.3.8, instantiate',
      "hydra.errors.InstantiationException: Error locating target 'nope.mod.C', set env var HYDRA_FULL_ERROR=1 to see chained exception.",
      'RuntimeError: Error locating the target of the beam',
    ],
    [
      'yaml-syntax',
      'PyYAML 6',
      'yaml.scanner.ScannerError: mapping values are not allowed here\n  in "<unicode string>", line 1, column 5:\n    a: b: c\n        ^',
      'ValueError: mapping values are not allowed here',
    ],
    [
      'json-syntax',
      'python3.11, json',
      'json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)',
      'ValueError: Expecting value',
    ],
  ]),
];
