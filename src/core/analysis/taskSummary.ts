import { quoteWord } from '../base/shellWord';
import { describeResources } from '../engine/resourceText';
import type { TaskDetails } from '../facade';
import type { TaskFailure } from './failure';
import { describeSystem } from './describeSystem';
import { earlierSentence } from './explanationText';
import { formatExplanation } from './formatExplanation';
import { formatPlace, formatTrace } from './formatTrace';
import { codeBlock, codeSpan, fileLink } from './markdown';
import { redactCommand, redactSecrets, redactValue, secretValues } from './redact';

/**
 * What happened to a task, as Markdown: the failure and its place first, then parameters, command, traceback and the
 * last lines of its output, with links to files. Obvious secrets are taken out.
 *
 * @param projectDir - the project's root, absolute: paths are shown from there
 * @param notes - further paragraphs to know of before the rest, as Markdown
 */
export function formatTaskSummary(
  failure: TaskFailure,
  details: TaskDetails,
  projectDir: string,
  notes: readonly string[] = [],
): string {
  const sections = [
    [`# ${failure.name} ${failure.state === 'lost' ? 'is lost' : failure.state}`, ''],
    formatHead(failure, details, projectDir),
    notes.flatMap((note) => [note, '']),
    section('What it means', formatExplanation(failure.explanation)),
    section('Parameters', formatParameters(details)),
    section('Command', [
      codeBlock(
        [redactCommand(details.argv, secretValues(details.parameters)).map(quoteWord).join(' ')],
        'sh',
      ),
    ]),
    section('Traceback', formatTrace(failure, projectDir)),
    section('Last lines of stderr', formatTail(failure.stderrTail)),
    section('Last lines of stdout', formatTail(failure.stdoutTail)),
    (failure.otherLogs ?? []).flatMap(({ file, tail }) =>
      section(`Last lines of ${codeSpan(nameOf(file))}`, formatTail(tail)),
    ),
    section('The machine at that moment', formatSystem(failure)),
  ];
  return `${sections.flat().join('\n').trimEnd()}\n`;
}

function formatHead(failure: TaskFailure, details: TaskDetails, projectDir: string): string[] {
  const { culprit } = failure;
  const within = culprit?.function === undefined ? '' : ` in ${codeSpan(culprit.function)}`;
  return [
    codeSpan(redactSecrets(failure.title)),
    '',
    ...(culprit ? [`At ${formatPlace(culprit, projectDir)}${within}.`, ''] : []),
    ...formatEarlier(failure, projectDir),
    `${facts(failure, details).join(', ')}.`,
    '',
    `Whole output: ${fileLink('stderr.log', failure.stderrFile)}, ${fileLink('stdout.log', failure.stdoutFile)}.`,
    '',
  ];
}

function formatEarlier({ earlier }: TaskFailure, projectDir: string): string[] {
  if (!earlier) return [];
  const said = codeSpan(redactSecrets(earlier.title));
  const place = earlier.place && formatPlace(earlier.place, projectDir);
  return [earlierSentence({ title: said }, place), ''];
}

function facts(failure: TaskFailure, details: TaskDetails): string[] {
  const { exitCode, signal, attempt } = failure;
  const { source, startedAtMs, endedAtMs, resources: { timeLimitSec, memory } = {} } = details;
  const end =
    exitCode === undefined
      ? (signal ?? redactSecrets(details.reason ?? 'No exit code', secretValues(details.parameters)))
      : `Exit code ${exitCode}${signal === undefined ? '' : ` (often a kill by ${signal})`}`;
  return [
    end,
    `attempt ${attempt}`,
    ...(source === undefined ? [] : [`on ${codeSpan(source)}`]),
    ...describeResources({
      ...(timeLimitSec === undefined ? {} : { timeLimitSec }),
      ...(memory === undefined ? {} : { memory }),
    }),
    ...(startedAtMs === undefined ? [] : [`started ${formatTime(startedAtMs)}`]),
    ...(startedAtMs === undefined || endedAtMs === undefined
      ? []
      : [`ran ${formatSeconds(endedAtMs - startedAtMs)}`]),
  ];
}

function formatParameters({ parameters }: TaskDetails): string[] {
  return Object.entries(parameters).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `- ${codeSpan(name)}: ${codeSpan(redactValue(name, text))}`;
  });
}

/** A key's lines can only be recognised together, so the whole tail is cleaned at once. */
function formatTail(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [codeBlock(redactSecrets(lines.join('\n')).split('\n'))];
}

function formatSystem({ system }: TaskFailure): string[] {
  return system ? describeSystem(system).map((line) => `- ${codeSpan(redactSecrets(line))}`) : [];
}

function nameOf(file: string): string {
  return file.split(/[\\/]/u).at(-1) ?? file;
}

function section(title: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : [`## ${title}`, '', body.join('\n').trimEnd(), ''];
}

/** In UTC, so that a stored summary reads the same everywhere. */
function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function formatSeconds(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  return seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}
