import { printed, raised, said, type FailurePattern } from './failurePattern';

const HYDRA_GRAMMAR = 'https://hydra.cc/docs/advanced/override_grammar/basic/';
const OMEGACONF = 'https://omegaconf.readthedocs.io/en/latest/usage.html';
const ARGPARSE = 'https://docs.python.org/3/library/argparse.html';

/** What Hydra, argument parsers and readers of configuration say. */
export const CONFIG_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'hydra-unknown-key',
    class: 'task',
    matchers: said(/Could not override '(?<key>[^']+)'/u),
    explanation: 'The configuration of the program has no key {key}.',
    advice: 'Correct the name in the sweep file, or write it with a plus (+{key}) if it is to be added.',
    source: HYDRA_GRAMMAR,
  },
  {
    id: 'hydra-key-exists',
    class: 'task',
    matchers: said(/Could not append to config\. An item is already at '(?<key>[^']+)'/u),
    explanation: 'The sweep adds {key} with a plus, but the configuration has it already.',
    advice: 'Write {key} without the plus, or with two to allow both.',
    source: HYDRA_GRAMMAR,
  },
  {
    id: 'hydra-nothing-to-delete',
    class: 'task',
    matchers: said(/Could not delete from config\. '(?<key>[^']+)' does not exist/u),
    explanation: 'The sweep removes {key}, which the configuration does not have.',
    advice: 'Leave it out of the sweep file, or correct its name.',
    source: HYDRA_GRAMMAR,
  },
  {
    id: 'hydra-ambiguous-value',
    class: 'task',
    matchers: said(/Ambiguous value for argument '(?<argument>[^']+)'/u),
    explanation: 'Hydra cannot tell whether {argument} is a list or a text, because of its comma.',
    advice:
      'In the sweep file write the value as a YAML list, or as a quoted text; it is then handed over in that form.',
    source: HYDRA_GRAMMAR,
  },
  {
    id: 'hydra-override-syntax',
    class: 'task',
    matchers: said(
      /Error parsing override '(?<argument>[^']+)'|^(?:no viable alternative at input|mismatched input|extraneous input|token recognition error|LexerNoViableAltException)/u,
    ),
    explanation: 'Hydra could not read an argument of the command {argument}.',
    advice:
      "Values with special characters need Hydra's quotes. Parameters of a sweep file get them by themselves: look for the arguments in run.command or run.arguments.",
    source: HYDRA_GRAMMAR,
  },
  {
    id: 'hydra-config-missing',
    class: 'task',
    matchers: said(
      /In '(?<from>[^']+)': Could not find '(?<config>[^']+)'|Could not load '(?<config2>[^']+)'|MissingConfigException: .*'(?<config3>[^']+)'/u,
    ),
    explanation: 'Hydra has no configuration {config}{config2}{config3}.',
    advice:
      'The output lists those that it has. Correct the value in the sweep file, or check that the file is synced to that machine.',
    source: 'https://hydra.cc/docs/advanced/search_path/',
  },
  {
    id: 'config-value-missing',
    class: 'task',
    matchers: said(/Missing mandatory value: (?<key>\S+)|MissingMandatoryValue: (?<key2>\S+)/u),
    explanation: 'The configuration wants a value for {key}{key2} (???), and got none.',
    advice: 'Give it in the sweep file, e.g. under defaults.',
    source: OMEGACONF,
  },
  {
    id: 'config-interpolation',
    class: 'task',
    matchers: said(
      /Interpolation key '(?<key>[^']+)' not found|InterpolationResolutionError: (?<why>.*)|Environment variable '(?<variable>\w+)' not found/u,
    ),
    explanation: 'A value of the configuration refers to {key}{variable}, which is not there. {why}',
    advice:
      'The line "full_key" names the value. Set what it refers to; an environment variable belongs into the setup of the source.',
    source: OMEGACONF,
  },
  {
    id: 'config-wrong-type',
    class: 'task',
    matchers: said(
      /Value '(?<value>[^']*)' of type '(?<is>\w+)' could not be converted to (?<wanted>\w+)|Value '(?<value2>[^']*)' could not be converted to (?<wanted2>\w+)/u,
    ),
    explanation: 'The configuration wants a value of type {wanted}{wanted2}, and got {value}{value2}.',
    advice:
      'Correct the value in the sweep file; the line "full_key" names it. In quotes a number is a text.',
    source: 'https://omegaconf.readthedocs.io/en/latest/structured_config.html',
  },
  {
    id: 'config-unknown-key',
    class: 'task',
    matchers: [raised(/Key '(?<key>[^']+)' is not in struct|Key '(?<key2>[^']+)' not in '\w+'/u)],
    explanation: 'The code asks the configuration for {key}{key2}, which it does not have.',
    advice: 'Correct the name in the code or add the key to the configuration.',
    source: OMEGACONF,
  },
  {
    id: 'hydra-target',
    class: 'task',
    matchers: said(/Error locating target '(?<target>[^']+)'|Error in call to target '(?<target2>[^']+)'/u),
    explanation: 'Hydra could not make {target}{target2}.',
    advice:
      'The cause is printed with HYDRA_FULL_ERROR=1: the name of _target_ is wrong, its module cannot be imported, or it does not take these arguments.',
    source: 'https://hydra.cc/docs/advanced/instantiate_objects/overview/',
  },
  {
    id: 'argument-unknown',
    class: 'task',
    matchers: [
      printed(/error: unrecognized arguments: (?<arguments>.*)$/u),
      printed(/^Error: No such option:? '?(?<arguments>-[\w-]+)/u),
      printed(/FATAL Flags parsing error: Unknown command line flag '(?<arguments>[^']+)'/u),
    ],
    explanation: 'The program does not know the arguments {arguments}.',
    advice:
      'Correct the names in the sweep file. If it wants key=value, or --key value, set project.arguments to hydra or argparse.',
    source: ARGPARSE,
  },
  {
    id: 'argument-missing',
    class: 'task',
    matchers: [
      printed(/error: the following arguments are required: (?<arguments>.*)$/u),
      printed(/error: one of the arguments (?<arguments>.*) is required$/u),
      printed(/^Error: Missing (?:option|argument|parameter):? (?<arguments>.*)$/u),
    ],
    explanation: 'The program also needs {arguments}.',
    advice: 'Give them in the sweep file: under defaults if they are the same for all tasks.',
    source: ARGPARSE,
  },
  {
    id: 'argument-invalid',
    class: 'task',
    matchers: [
      printed(/error: argument (?<arguments>\S+(?:\/\S+)?): (?<why>.*)$/u),
      printed(/^Error: Invalid value for (?<arguments>.*)$/u),
    ],
    explanation: 'The program does not take this value of {arguments}. {why}',
    advice: 'Correct the value in the sweep file.',
    source: ARGPARSE,
  },
  {
    id: 'yaml-syntax',
    class: 'task',
    matchers: [raised(/yaml\.(?:scanner|parser|composer|constructor|reader)\.\w+Error: /u)],
    explanation: 'A YAML file of the program cannot be read.',
    advice:
      'The message names file, line and column. Tabs, and a colon in a text without quotes, are the usual reasons.',
    source: 'https://yaml.org/spec/1.2.2/',
  },
  {
    id: 'json-syntax',
    class: 'task',
    matchers: [raised(/JSONDecodeError: (?<why>.*)/u), raised(/^SyntaxError: .* in JSON at position/u)],
    explanation: 'A JSON text cannot be read. {why}',
    advice:
      'An empty or half-written file is the usual reason: two tasks that write the same file, or a write that was cut off by a full disk.',
    source: 'https://docs.python.org/3/library/json.html#json.JSONDecodeError',
  },
];
