import { randomBytes } from 'node:crypto';
import { secretValues } from '../../core/analysis/redact';
import { HsmError } from '../../core/base/errors';
import { quoteWord } from '../../core/base/shellWord';
import type { HealthFinding } from '../../core/compute/computeSource';
import type { Host } from '../../core/compute/host';
import beginning from './check.sh';
import guard from './guard.sh';
import { formatEnvironment, formatSetup, type Surroundings } from './runnerFiles';
import { toTriedSetup, type TriedSetup } from './setupTried';
import { explainFailedLine, nameLine, type FailedLine } from './setupTrouble';

/** conda and modules on network disks take their time. */
const LIMIT_SEC = 60;
/** What the host may take longer than that. */
const MARGIN_MS = 30_000;
const MAX_OUTPUT_BYTES = 256 * 1024;
const BEGIN = 'begin ';

/** Where setup is tried. */
export interface CheckPlace {
  /** Default `sh`. */
  readonly shell?: string;
  /** Absolute; absent: it is not there yet, and what fails without it may work in it. */
  readonly projectDir?: string;
  /** Seconds after which the try is ended. Default 60. */
  readonly limitSec?: number;
}

/**
 * Tries on a host what prepares the environment of tasks there, as far as it can change nothing, see
 * {@link toTriedSetup}. Nothing that it started is left.
 *
 * @returns what is wrong with it, as far as that shows; undefined: nothing. Without the project only a warning
 * @throws HsmError `host.unreachable`, `host.refused`
 */
export async function checkSetup(
  host: Host,
  surroundings: Surroundings,
  place: CheckPlace,
  signal: AbortSignal,
): Promise<HealthFinding | undefined> {
  const { shell = 'sh', projectDir, limitSec = LIMIT_SEC } = place;
  const tried = toTriedSetup(surroundings, projectDir !== undefined);
  const setup = formatSetup(tried);
  if (setup === '') return undefined;
  const mark = `=hsm ${randomBytes(6).toString('hex')}`;
  const stdin = formatProgram(tried, setup, mark);
  const argv = [shell, '-c', guard, 'sh', shell, `${MAX_OUTPUT_BYTES}`, projectDir ?? '', `${limitSec}`];
  let stdout;
  try {
    const timeoutMs = limitSec * 1000 + MARGIN_MS;
    ({ stdout } = await host.run(argv, signal, { stdin, timeoutMs, maxOutputBytes: 2 * MAX_OUTPUT_BYTES }));
  } catch (error) {
    if (signal.aborted || isOutOfSight(error)) throw error;
    // The error names our own program.
    return untried(host.label, 'the command for that did not come to its end');
  }
  const outcome = parseCheck(stdout, mark);
  const secrets = secretValues(surroundings.env);
  if (outcome.end === 'passed') return undefined;
  if (outcome.end === 'failed') {
    const severity = projectDir === undefined ? 'warning' : 'error';
    return { severity, ...explainFailedLine(outcome, host.label, secrets) };
  }
  const what = outcome.line === '' ? 'it' : nameLine(outcome.line, secrets);
  return untried(host.label, `${what} ${reasonOf(outcome.end, limitSec)}`);
}

function formatProgram({ env, isPartial }: TriedSetup, setup: string, mark: string): string {
  return [
    `hsm_mark=${quoteWord(mark)} hsm_partly=${isPartial ? '1' : ''}\n`,
    beginning,
    formatEnvironment(env),
    setup,
    'hsm_say passed\nhsm_end_all\n',
  ].join('');
}

function isOutOfSight(error: unknown): boolean {
  return HsmError.is(error, 'host.unreachable') || HsmError.is(error, 'host.refused');
}

/** What it would do to tasks is not known. */
function untried(place: string, reason: string): HealthFinding {
  return {
    severity: 'warning',
    text: `What prepares the environment of tasks could not be tried on ${place}: ${reason}.`,
    fix: 'Look whether it works in a terminal there, and how long it takes.',
  };
}

function reasonOf(end: 'late' | 'flooded' | 'lost', limitSec: number): string {
  if (end === 'late') return `did not end within ${limitSec} seconds`;
  return end === 'flooded' ? 'printed too much' : 'ended without a word';
}

interface CheckOutcome extends FailedLine {
  readonly end: 'passed' | 'failed' | 'late' | 'flooded' | 'lost';
}

/**
 * ```
 * =hsm 2f6c begin module load cuda
 * sh: 4: module: not found
 *
 * =hsm 2f6c failed
 * ```
 */
function parseCheck(stdout: string, mark: string): CheckOutcome {
  const parts = stdout.split(`\n${mark} `);
  const last = parts.at(-1) ?? '';
  const end = /^(passed|failed|late)\n/.exec(last)?.[1] as 'passed' | 'failed' | 'late' | undefined;
  const [line = '', ...said] = (end === undefined ? last : (parts.at(-2) ?? '')).split('\n');
  return {
    end: end ?? (Buffer.byteLength(stdout) >= MAX_OUTPUT_BYTES ? 'flooded' : 'lost'),
    line: line.startsWith(BEGIN) ? line.slice(BEGIN.length) : '',
    said: said.filter((each) => each.trim() !== '').slice(-5),
  };
}
