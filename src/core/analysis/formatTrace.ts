import type { Frame, RelatedException, TaskFailure } from './failure';
import { codeBlock, codeSpan, fileLink } from './markdown';
import { pathInProject } from './projectFile';
import { redactSecrets } from './redact';

/** Frames shown at each end of a long trace; a runaway recursion has a thousand. */
const FIRST_FRAMES = 10;
const LAST_FRAMES = 25;

const AFTER: Record<RelatedException['relation'], string> = {
  cause: 'was the direct cause of:',
  context: 'and while it was handled:',
  member: '',
};

/** The traceback as Markdown, outermost frame first, with links to the project's files. Empty when there is none. */
export function formatTrace(failure: TaskFailure, projectDir: string): string[] {
  if (failure.exceptionType === undefined && failure.frames.length === 0) return [];
  const related = failure.related ?? [];
  const earlier = related.filter(({ relation }) => relation !== 'member');
  const members = related.filter(({ relation }) => relation === 'member');
  return [
    ...earlier.flatMap((other) => [...formatException(other, projectDir), AFTER[other.relation], '']),
    ...formatException({ title: exceptionLine(failure), frames: failure.frames }, projectDir),
    ...members.flatMap((member) => ['In the group:', '', ...formatException(member, projectDir)]),
  ];
}

/** A place in the code as a link, or as plain code when it is outside the project. */
export function formatPlace(frame: Frame, projectDir: string): string {
  const { localFile, line } = frame;
  if (localFile === undefined) return codeSpan(`${frame.file}:${line}`);
  return fileLink(`${pathInProject(localFile, projectDir)}:${line}`, localFile, line);
}

function exceptionLine({ exceptionType, message = '' }: TaskFailure): string {
  if (exceptionType === undefined) return message;
  return message === '' ? exceptionType : `${exceptionType}: ${message}`;
}

function formatException(
  exception: { readonly title: string; readonly frames: readonly Frame[] },
  projectDir: string,
): string[] {
  const frames = exception.frames.map((frame) => `- ${formatFrame(frame, projectDir)}`);
  const left = frames.length - FIRST_FRAMES - LAST_FRAMES;
  if (left > 1) frames.splice(FIRST_FRAMES, left, `- … ${left} more frames …`);
  const said = redactSecrets(exception.title);
  const words = said.includes('\n') ? codeBlock(said.split('\n')) : codeSpan(said);
  return [...frames, ...(frames.length > 0 ? [''] : []), words, ''];
}

function formatFrame(frame: Frame, projectDir: string): string {
  const place = formatPlace(frame, projectDir);
  const within = frame.function === undefined ? '' : ` in ${codeSpan(frame.function)}`;
  const text = frame.text === undefined ? '' : `: ${codeSpan(redactSecrets(frame.text))}`;
  return `${place}${within}${text}`;
}
