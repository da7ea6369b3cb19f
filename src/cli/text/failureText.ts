import type { Frame, RelatedException, TaskFailure } from '../../core/analysis/failure';
import { earlierSentence, explanationSentences } from '../../core/analysis/explanationText';
import { describeSystem } from '../../core/analysis/describeSystem';
import { redactCommand, redactSecrets, redactValue, secretValues } from '../../core/analysis/redact';
import { describeResources } from '../../core/engine/resourceText';
import type { TaskDetails } from '../../core/facade';
import type { ChangedPlace } from '../changedPlaces';
import { formatChanged } from './changedText';
import { formatCommand } from './commandText';
import { printable } from './displayWidth';
import { formatPath } from './paths';
import type { TextStyle } from './summaryText';

/** One failure in full: what, where, with which parameters, what it wrote last, where to read on. */
export function formatFailure(
  failure: TaskFailure,
  task: TaskDetails,
  style: TextStyle,
  changed: readonly ChangedPlace[] = [],
): string[] {
  const { palette, cwd, handle } = style;
  const attempt = failure.attempt > 1 ? `, attempt ${failure.attempt}` : '';
  const given = describeResources(task.resources)
    .map((words) => `, ${words}`)
    .join('');
  const secrets = secretValues(task.parameters);
  const reason = task.reason === undefined ? '' : ` (${printable(redactSecrets(task.reason, secrets))})`;
  return [
    `${palette.bold(failure.name)} ${palette.red(failure.state)}${reason}${attempt}${given}: ${palette.bold(printable(failure.title))}`,
    ...(failure.culprit ? [`  at ${place(failure.culprit, cwd)}`] : []),
    ...changed.map((each) => palette.yellow(`  ${formatChanged(each, cwd)}`)),
    ...explained(failure),
    ...saidEarlier(failure, cwd),
    ...trace(failure, style),
    ...tail('last lines of stderr', failure.stderrTail),
    ...tail('last lines of stdout', failure.stdoutTail),
    ...(failure.otherLogs ?? []).flatMap((log) =>
      tail(`last lines of ${formatPath(log.file, cwd)}`, log.tail),
    ),
    ...(failure.system
      ? [
          '',
          'the machine at that moment:',
          ...describeSystem(failure.system).map((line) => `  ${printable(line)}`),
        ]
      : []),
    '',
    `parameters: ${Object.entries(task.parameters)
      .map(([name, value]) => `${name}=${redactValue(name, JSON.stringify(value))}`)
      .join('  ')}`,
    `command:    ${formatCommand(redactCommand(task.argv, secrets))}`,
    `stderr:     ${formatPath(failure.stderrFile, cwd)}`,
    `stdout:     ${formatPath(failure.stdoutFile, cwd)}`,
    `again:      hsm rerun ${handle} --tasks ${failure.task}`,
  ];
}

function explained({ explanation }: TaskFailure): string[] {
  if (!explanation) return [];
  return ['', ...explanationSentences(explanation).map(printable)];
}

function saidEarlier({ earlier }: TaskFailure, cwd: string): string[] {
  if (!earlier) return [];
  return ['', printable(earlierSentence(earlier, earlier.place && place(earlier.place, cwd)))];
}

function trace({ frames, related = [], title, raised = title }: TaskFailure, style: TextStyle): string[] {
  if (frames.length === 0) return [];
  return [
    '',
    ...related.flatMap((other) => relatedLines(other, style)),
    ...frameLines(frames, style),
    `  ${printable(raised)}`,
  ];
}

const RELATIONS = {
  cause: 'which caused',
  context: 'and while that was handled',
  member: 'which is one of a group',
} as const;

function relatedLines({ frames, relation, title }: RelatedException, style: TextStyle): string[] {
  return [...frameLines(frames, style), `  ${printable(title)}, ${RELATIONS[relation]}:`, ''];
}

/** Frames of the project stand out; those of libraries are there too. */
function frameLines(frames: readonly Frame[], { palette, cwd }: TextStyle): string[] {
  return frames.flatMap((frame) => {
    const line = `  ${place(frame, cwd)}`;
    const lines = [line, ...(frame.text === undefined ? [] : [`      ${printable(frame.text.trim())}`])];
    return frame.localFile === undefined ? lines.map((text) => palette.dim(text)) : lines;
  });
}

function place({ file, line, localFile, function: name }: Frame, cwd: string): string {
  const within = name === undefined ? '' : ` in ${name}`;
  return printable(`${formatPath(localFile ?? file, cwd)}:${line}${within}`);
}

function tail(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['', `${title}:`, ...lines.map((line) => `  ${printable(line)}`)];
}
