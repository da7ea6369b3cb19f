import { HsmError } from '../../core/base/errors';
import { quoteWord } from '../../core/base/shellWord';
import type { SweepContext } from '../../core/compute/computeSource';
import conda from './conda.sh';
import ending from './ending.sh';
import failure from './failure.sh';
import lane from './lane.sh';
import main from './main.sh';
import record from './record.sh';
import runner from './runner.sh';
import beginning from './setup.sh';
import { ACTIVATION } from './setupTrouble';
import survey from './survey.awk';
import task from './task.sh';
import turns from './turns.sh';
import verdict from './verdict.sh';

/** Directories below the runner's that must exist before it runs. */
export const RUNNER_FOLDERS: readonly string[] = ['queue', 'claim', 'taken', 'lock', 'off', 'cancel'];

/** The runner's program: file name → content. */
export const RUNNER_PROGRAM: Readonly<Record<string, string>> = {
  'record.sh': record,
  'failure.sh': failure,
  'survey.awk': survey,
  'verdict.sh': verdict,
  'ending.sh': ending,
  'task.sh': task,
  'turns.sh': turns,
  'lane.sh': lane,
  'main.sh': main,
  'runner.sh': runner,
};

/** What the runner's `config` says. */
export interface RunnerConfig {
  /** The shell that runs the lanes, absolute or found by PATH. Absent: the runner chooses. */
  readonly shell?: string;
  readonly projectDir: string;
  readonly tasksDir: string;
  /** Where the lanes of all sweeps of a source take turns at its slots and GPUs. Absent: they do not share them. */
  readonly sharedDir?: string;
  /** GPUs by slot; a slot without an entry, or with an empty one, is not pinned. */
  readonly gpus: readonly (readonly number[])[];
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSec: number;
  /** Seconds between the main process's looks when nothing pokes it. */
  readonly tickSec: number;
}

/** Names of the files that {@link formatSettings} makes. */
export const SETTING_NAMES: readonly string[] = ['config', 'environment', 'setup'];

/** The settings of one sweep's runner, as files: file name → content, read by the runner with `.`. */
export function formatSettings(
  config: RunnerConfig,
  context: SweepContext,
): Readonly<Record<string, string>> {
  return {
    config: formatConfig(config, context),
    environment: formatEnvironment(context.env),
    setup: formatSetup(context),
  };
}

function formatConfig(config: RunnerConfig, context: SweepContext): string {
  const values = {
    sh: config.shell ?? '',
    sweep: context.sweepId,
    project: config.projectDir,
    tasks: config.tasksDir,
    shared: config.sharedDir ?? '',
    timeout: formatLimit(context.timeoutSec),
    grace: String(config.graceSec),
    tick: String(config.tickSec),
  };
  const gpus = config.gpus.flatMap((group, index) =>
    group.length > 0 ? `hsm_gpus_${index + 1}=${quoteWord(group.join(','))}\n` : [],
  );
  const lines = Object.entries(values).map(([key, value]) => `hsm_${key}=${quoteWord(value)}\n`);
  return [...lines, ...gpus].join('');
}

/** Variables as lines for `sh`. */
export function formatEnvironment(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${formatVariable(name, value)}\n`)
    .join('');
}

/** As the runner takes it: whole seconds, or nothing. */
export function formatLimit(timeoutSec: number | null | undefined): string {
  return timeoutSec === undefined || timeoutSec === null ? '' : String(Math.max(1, Math.ceil(timeoutSec)));
}

/**
 * One `NAME=VALUE` word.
 *
 * @throws HsmError `input.invalid` when a shell cannot have such a variable
 */
export function formatVariable(name: string, value: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new HsmError('input.invalid', `"${name}" cannot be the name of an environment variable.`, {
      hint: 'Use letters, digits and underscores, and begin with a letter.',
    });
  }
  return quoteWord(`${name}=${quotable(value, `the variable ${name}`)}`);
}

/** The text itself. A program can be given any text but one with a NUL, which ends every string there. */
export function quotable(text: string, what: string): string {
  if (!text.includes('\0')) return text;
  throw new HsmError(
    'input.invalid',
    `There is a NUL character in ${what}; no program can be given that.`,
    {},
  );
}

/** What prepares the environment of tasks. */
export type Surroundings = Pick<SweepContext, 'env' | 'setup' | 'condaEnv'>;

/** What {@link formatSetup} does between the lines when conda may yet come by one of them; see `hsm_activate`. */
const NOT_FOUND = '79';

/**
 * The lines of setup as a file for `sh`, each between `hsm_begin_line WORDS` and `hsm_end_line`, which the reader
 * defines, so that the one that fails is named. An environment is activated before the lines; where conda itself comes
 * by one of them, after them.
 */
export function formatSetup({ setup, condaEnv }: Surroundings): string {
  const lines = setup
    .map((line) => formatLine(usesModule(line) ? `hsm_want_module\n${line}` : line, line))
    .join('');
  if (condaEnv === undefined) return lines === '' ? '' : `${beginning}${lines}`;
  const activation = `hsm_activate ${quoteWord(quotable(condaEnv, 'the name of the environment'))}`;
  const words = `${ACTIVATION}${condaEnv}`;
  const isLast = setup.length === 0;
  const after = `if [ "$hsm_absent" -eq ${NOT_FOUND} ]; then\n${formatLine(activation, words)}fi\n`;
  return [
    beginning,
    conda,
    formatLine(activation, words, isLast ? '' : NOT_FOUND),
    ...(isLast ? [] : ['hsm_absent=$hsm_code\n', lines, after]),
  ].join('');
}

function formatLine(line: string, words: string, allowedCode = ''): string {
  return `hsm_begin_line ${quoteWord(oneLine(words))}\n${line}\n${`hsm_end_line ${allowedCode}`.trim()}\n`;
}

function usesModule(line: string): boolean {
  return /(?:^|[\s;&|(){}])(?:module|ml)\s/.test(line);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
