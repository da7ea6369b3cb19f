import { foreignLine } from '../../core/analysis/foreignLine';
import { fillIn } from '../../core/analysis/patterns/fillIn';
import { matchPattern } from '../../core/analysis/patterns/matchPattern';
import { redactSecrets } from '../../core/analysis/redact';
import type { HealthFinding } from '../../core/compute/computeSource';

/** A line of setup that failed, and the last that it printed. */
export interface FailedLine {
  readonly line: string;
  readonly said: readonly string[];
}

const BEGINNING = 'A line of setup failed:\t';

/**
 * Reads what the runner says of a line of setup, its parts separated by tabs: the line, then the last that it printed.
 * Undefined when that is not what it says.
 *
 * ```
 * A line of setup failed:→module load cuda→runner.sh: 4: setup: module: not found
 * ```
 */
export function parseFailedLine(trouble: string): FailedLine | undefined {
  if (!trouble.startsWith(BEGINNING)) return undefined;
  const [line = '', ...said] = trouble.slice(BEGINNING.length).split('\t');
  return { line, said };
}

/**
 * What a failed line of setup means, and what to do about it, without secrets.
 *
 * @param place - of the source, e.g. `gpubox`
 * @param secrets - values to hide wherever they stand, see `secretValues`
 */
export function explainFailedLine(
  { line, said }: FailedLine,
  place: string,
  secrets: readonly string[],
): Pick<HealthFinding, 'text' | 'fix'> {
  const shownSaid = redactSecrets(said.join('\n'), secrets).split('\n');
  const lines = shownSaid.map((each) => foreignLine(each)).filter(Boolean);
  // Known by the form that every shell has in common.
  const toMatch = lines.map((each) => each.replace(PREFIX, 'sh: 1: '));
  const match = matchPattern({ exceptions: [], outputs: [{ log: 'setup', lines: toMatch }] });
  const known = match && match.isOnlyRelated !== true ? match : undefined;
  const shown = lines.map((each) => each.replace(PREFIX, ''));
  const words = lines.length > 0 ? `It said: ${sentence(shown.join(' / '))}` : 'It said nothing.';
  const explanation = known ? ` ${fillIn(known.words.explanation, known.values)}` : '';
  const what = `${nameLine(line, secrets)} ${isActivation(line) ? 'cannot be activated' : 'failed'}`;
  const advice = `Correct \`${isActivation(line) ? 'conda_env' : 'setup'}\` of the source.`;
  return {
    text: `${what} on ${place}. ${words}${explanation}`,
    fix: known ? fillIn(known.words.advice, known.values) : advice,
  };
}

/** `The setup line "module load cuda"`, without secrets. */
export function nameLine(line: string, secrets: readonly string[]): string {
  const words = isActivation(line) ? line.slice(ACTIVATION.length) : line;
  const shown = foreignLine(redactSecrets(words, secrets), 200);
  return isActivation(line) ? `The environment "${shown}"` : `The setup line "${shown}"`;
}

/** What the line is called that the product itself adds for `conda_env`. */
export const ACTIVATION = 'conda_env: ';

function isActivation(line: string): boolean {
  return line.startsWith(ACTIVATION);
}

/**
 * What shells put before their words, of a lane (`runner.sh: 4: setup: `, `setup: line 4: `) and of a try (`sh: 4: eval: `,
 * `sh: line 4: `): line numbers of our own programs.
 */
const PREFIX =
  /^(?:runner\.sh: (?:line )?\d+: |setup: line \d+: |sh: (?=line \d|\d|eval: ))(?:setup: |eval: )?(?:(?:line )?\d+: )?(?:eval: )?/;

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
