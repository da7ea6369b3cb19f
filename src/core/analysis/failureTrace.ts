import type { Frame, RelatedException } from './failure';
import { parsePythonTraceback, type TracedException } from './pythonTraceback';

/** What a traceback tells of a failure. */
export interface FailureTrace {
  readonly title: string;
  readonly exceptionType: string;
  readonly message: string;
  readonly frames: readonly Frame[];
  readonly related: readonly RelatedException[];
  readonly culprit?: Frame;
  /** It is the last thing in the output. */
  readonly isLast: boolean;
}

/** A traceback in an order that says what the failure is named after. */
interface Roles {
  readonly main: TracedException;
  /** Those printed before it, the first cause first. */
  readonly earlier: readonly TracedException[];
}

/**
 * Reads the traceback that ended a program, with its frames found in the project.
 *
 * @param lines - without terminal escapes
 * @param toLocalFile - the file in the project that a path of the traceback means
 */
export function readFailureTrace(
  lines: readonly string[],
  toLocalFile: (path: string) => string | undefined,
): FailureTrace | undefined {
  const traceback = parsePythonTraceback(lines);
  if (!traceback) return undefined;
  const { main, earlier } = assignRoles(traceback.exceptions);
  const toLocal = (frames: readonly Frame[]): Frame[] => frames.map((frame) => locate(frame, toLocalFile));
  const frames = toLocal(main.frames);
  const related = relatedTo(main, earlier).map((other) => ({ ...other, frames: toLocal(other.frames) }));
  return {
    title: titleOf(main),
    exceptionType: main.type,
    message: main.message,
    frames,
    related,
    culprit: findCulprit(frames, related),
    isLast: traceback.linesAfter === 0,
  };
}

function locate(frame: Frame, toLocalFile: (path: string) => string | undefined): Frame {
  const localFile = toLocalFile(frame.file);
  return localFile === undefined ? frame : { ...frame, localFile };
}

/**
 * The failure is named after the exception raised last. Where that only repeats its cause, as multiprocessing does with
 * an exception of another process, the cause is the one with the frames that matter.
 */
function assignRoles(exceptions: readonly [TracedException, ...TracedException[]]): Roles {
  const last = exceptions.at(-1) ?? exceptions[0];
  const cause = exceptions.at(-2);
  const repeats = last.follows === 'cause' && cause && titleOf(cause) === titleOf(last);
  return repeats
    ? { main: cause, earlier: exceptions.slice(0, -2) }
    : { main: last, earlier: exceptions.slice(0, -1) };
}

function titleOf(exception: TracedException): string {
  const firstLine = exception.message.split('\n', 1)[0] ?? '';
  const own = firstLine === '' ? exception.type : `${exception.type}: ${firstLine}`;
  const member = exception.members?.[0];
  return member ? `${own}; the first: ${titleOf(member)}` : own;
}

function relatedTo(main: TracedException, earlier: readonly TracedException[]): RelatedException[] {
  const chain = [...earlier, main];
  const before = earlier.map((exception, index) => ({
    relation: chain[index + 1]?.follows ?? ('context' as const),
    title: titleOf(exception),
    frames: exception.frames,
  }));
  const members = (main.members ?? []).map((member) => ({
    relation: 'member' as const,
    title: titleOf(member),
    frames: member.frames,
  }));
  return [...before, ...members];
}

/** A group was raised where its members were gathered; where to look is where the first of them was raised. */
function findCulprit(frames: readonly Frame[], related: readonly RelatedException[]): Frame | undefined {
  const members = related.filter(({ relation }) => relation === 'member').map((member) => member.frames);
  const causes = related.filter(({ relation }) => relation !== 'member').map((cause) => cause.frames);
  for (const candidates of [...members, frames, ...causes.reverse()]) {
    const deepest = candidates.findLast((frame) => frame.localFile !== undefined);
    if (deepest) return deepest;
  }
  return undefined;
}
