import { notInPython, printed, raised, said, worded, type FailurePattern } from './failurePattern';

const HYDRA_GRAMMAR = 'https://hydra.cc/docs/advanced/override_grammar/basic/';
const OMEGACONF = 'https://omegaconf.readthedocs.io/en/latest/usage.html';
const ARGPARSE = 'https://docs.python.org/3/library/argparse.html';

/** What Hydra, argument parsers and readers of configuration say. */
export const CONFIG_PATTERNS: readonly FailurePattern[] = [
  {
    id: 'hydra-output-dir',
    class: 'environment',
    matchers: said(/Could not override '(?<key>output(?:\.dir)?|hydra\.run\.dir)'/u),
    explanation:
      'hsm gives tasks the argument {key}, for the directory of the task, and the configuration of the program has no such key.',
    advice:
      'Set output_dir_arguments: false under project in .hsm/config.yaml, or add the key to the configuration (output: {dir: null}). The variable HSM_TASK_DIR names the directory, too.',
    source: HYDRA_GRAMMAR,
  },
  {
    id: 'hydra-unknown-key',
    class: 'task',
    matchers: said(/Could not override '(?<key>[^']+)'/u),
    explanation: 'The configuration of the program has no key {key}.',
    advice:
      'Correct the name in the sweep file, or put a plus before it if it is to be added to the configuration.',
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
      /Error parsing override '(?<argument>[^']+)'/u,
      // These come without that line; what ANTLR says otherwise stands below it.
      /^no viable alternative at input '(?<argument>[^']+)'/u,
      /^LexerNoViableAltException: (?<argument>.+)$/u,
    ),
    explanation: 'Hydra could not read an argument of the command {argument}.',
    advice:
      "Values with special characters need Hydra's quotes. Parameters of a sweep file get them by themselves: look for the arguments in run.command or run.arguments.",
    source: HYDRA_GRAMMAR,
  },
  {
    id: 'hydra-config-missing',
    class: 'task',
    matchers: [
      raised(/\bMissingConfigException: (?:In '[^']*': )?Could not (?:find|load) '(?<config>[^']+)'/u),
      printed(/^In '[^']+': Could not (?:find|load) '(?<config>[^']+)'/u),
      ...said(
        /Cannot find primary config '(?<config>[^']+)'/u,
        /\bMissingConfigException: .*'(?<config>[^']+)'/u,
      ),
      ...worded(said(/Check that the config directory '(?<config>[^']+)' exists/u), {
        explanation: "Hydra's folder of configurations, {config}, is not there.",
      }),
    ],
    explanation: 'Hydra has no configuration {config}.',
    advice:
      'Hydra lists those that it has, or where it looked. Correct the value in the sweep file, or check that the file is synced to that machine.',
    source: 'https://hydra.cc/docs/advanced/search_path/',
  },
  {
    id: 'config-value-missing',
    class: 'task',
    matchers: [
      raised(/\bMissingMandatoryValue: .*\b[Mm]issing mandatory value: (?<key>\S+)/u),
      printed(/\bMissingMandatoryValue: .*\b[Mm]issing mandatory value: (?<key>\S+)/u),
      printed(/^(?:Structured config of type \S+ has m|M)issing mandatory value: (?<key>\S+)$/u),
    ],
    explanation: 'The configuration wants a value for {key} (???), and got none.',
    advice: 'Give it in the sweep file, e.g. under defaults.',
    source: OMEGACONF,
  },
  {
    id: 'config-interpolation',
    class: 'task',
    matchers: [
      ...worded(
        said(/while resolving interpolation: "?Environment variable '(?<variable>[^']+)' not found/u),
        {
          explanation:
            'A value of the configuration is the environment variable {variable}, which is not set there.',
          advice: 'Set it in env, or in the setup, of the source. The line "full_key" names the value.',
        },
      ),
      ...said(/Interpolation key '(?<key>[^']+)' not found/u),
      ...worded(said(/Unsupported interpolation type (?<key>\S+)/u), {
        explanation:
          'A value of the configuration needs the resolver {key}, which the program did not register.',
        advice:
          'Register it (OmegaConf.register_new_resolver) before the configuration is read, or correct its name.',
      }),
      ...worded([raised(/\bGrammarParseError: (?<why>[^\n]*)/u)], {
        explanation: 'A value of the configuration is not written as Hydra reads it: {why}.',
        advice: 'The line "full_key" names the value. A dollar sign that means itself is written \\$.',
      }),
      ...worded([raised(/\bInterpolationResolutionError: (?<why>[^\n]*)/u)], {
        explanation: 'A value of the configuration could not be worked out: {why}.',
      }),
    ],
    explanation: 'A value of the configuration refers to {key}, which is not there.',
    advice: 'The line "full_key" names the value. Correct it, or add what it refers to.',
    source: OMEGACONF,
  },
  {
    id: 'config-wrong-type',
    class: 'task',
    matchers: [
      raised(
        /\bValidationError: Value '(?<value>[^']*)'(?: of type '\w+')? could not be converted to (?<wanted>\w+)/u,
      ),
      raised(/\bValidationError: Incompatible value '(?<value>[^']*)' for field of type '(?<wanted>[^']+)'/u),
      // Hydra leaves out the type.
      printed(/^Value '(?<value>[^']*)' of type '\w+' could not be converted to (?<wanted>[A-Z]\w+)$/u),
      printed(/^Incompatible value '(?<value>[^']*)' for field of type '(?<wanted>[^']+)'$/u),
    ],
    explanation: 'The configuration wants a value of type {wanted}, and got {value}.',
    advice:
      'Correct the value in the sweep file; the line "full_key" names it. In quotes a number is a text.',
    source: 'https://omegaconf.readthedocs.io/en/latest/structured_config.html',
  },
  {
    id: 'config-unknown-key',
    class: 'task',
    matchers: [
      raised(/Key '(?<key>[^']+)' is not in struct/u),
      raised(/\bConfig(?:Key|Attribute)Error: Key '(?<key>[^']+)' not in '\w+'/u),
    ],
    explanation: 'The code asks the configuration for {key}, which it does not have.',
    advice: 'Correct the name in the code or add the key to the configuration.',
    source: OMEGACONF,
  },
  {
    id: 'hydra-target',
    class: 'task',
    matchers: [
      ...said(/Error locating target '(?<target>[^']+)'/u),
      ...worded(said(/Error in call to target '(?<target>[^']+)'/u), {
        explanation: 'Hydra called {target}, and the call failed.',
        advice:
          'The line after it tells the error; HYDRA_FULL_ERROR=1 in env of the source shows where. Often the configuration gives it an argument that it does not take, or not one that it needs.',
      }),
    ],
    explanation: 'Hydra did not find {target}, or it could not be imported.',
    advice:
      'Correct _target_ in the configuration, or install its module there. HYDRA_FULL_ERROR=1 in env of the source shows what failed.',
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
      printed(/^Error: Invalid value for '?(?<arguments>[^':]+)'?: (?<why>.*)$/u),
    ],
    explanation: 'The program does not take this value of {arguments}: {why}.',
    advice: 'Correct the value in the sweep file.',
    source: ARGPARSE,
  },
  {
    id: 'yaml-syntax',
    class: 'task',
    // Of the places that it names the last one is where reading stopped.
    matchers: [
      raised(/yaml\.\w+\.\w+Error: [\s\S]*in "(?<file>[^"<]+)", (?<place>(?:line|position) \d+)/u),
      ...worded([raised(/yaml\.\w+\.\w+Error: [\s\S]*in "<[^"]*>", (?<place>(?:line|position) \d+)/u)], {
        explanation: 'A YAML text that the program made or got cannot be read at {place}.',
        advice: 'Tabs, and a colon in a text without quotes, are the usual reasons.',
      }),
      ...worded([raised(/yaml\.(?:scanner|parser|composer|constructor|reader)\.\w+Error: /u)], {
        explanation: 'A YAML file or text of the program cannot be read.',
      }),
    ],
    explanation: 'The YAML file {file} cannot be read at {place}.',
    advice:
      'Correct it there, or in the lines before. Tabs, and a colon in a text without quotes, are the usual reasons.',
    source: 'https://yaml.org/spec/1.2.2/',
  },
  {
    id: 'json-syntax',
    class: 'task',
    matchers: [
      raised(/JSONDecodeError: (?<why>[^\n]*)/u),
      // Node: Unexpected token 'b', "bad" is not valid JSON; Unexpected end of JSON input; … in JSON at position 3
      raised(/^SyntaxError: (?<why>[^\n]*(?:is not valid JSON|JSON input|in JSON at position)[^\n]*)/u, {
        when: notInPython,
      }),
    ],
    explanation: 'A JSON text cannot be read: {why}.',
    advice:
      'An empty or half-written file is the usual reason: two tasks that write the same file, or a write that was cut off by a full disk.',
    source: 'https://docs.python.org/3/library/json.html#json.JSONDecodeError',
  },
];
