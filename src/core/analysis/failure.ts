import type { TaskState } from '../engine/taskState';
import type { FailureClass, PatternValues, Remedy } from './patterns/failurePattern';
import type { MatchedLine } from './patterns/matchPattern';
import type { SharedParameter } from './sharedParameters';
import type { SystemInformation } from './systemInformation';

/** One frame of a stack trace, outermost first. */
export interface Frame {
  /** As the trace names it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly function?: string;
  /** The source line that the trace shows. */
  readonly text?: string;
  /** The file in this workspace, absolute; absent when it is not part of the project. */
  readonly localFile?: string;
}

/** An exception that was printed together with the one that a failure is named after. */
export interface RelatedException {
  /** `cause` and `context`: it came first; `member`: the one that the failure is named after is a group that holds it. */
  readonly relation: 'cause' | 'context' | 'member';
  /** One line, like {@link TaskFailure.title}. */
  readonly title: string;
  /** Outermost first. */
  readonly frames: readonly Frame[];
}

/** What is known about failures of this kind, in words for the user. */
export interface FailureExplanation {
  /** Id of the pattern that recognised it. */
  readonly pattern: string;
  readonly class: FailureClass;
  /** What happened. */
  readonly explanation: string;
  /** What to do. */
  readonly advice: string;
  /** Both before the places for what was caught were filled, and what was caught: tasks of one group may differ in it. Not of a group. */
  readonly unfilled?: {
    readonly explanation: string;
    readonly advice: string;
    readonly values: PatternValues;
  };
  /** What a rerun would have to change to have a chance. */
  readonly remedy?: Remedy;
  /** Where this is known from: an address. */
  readonly knownFrom: string;
  /** The line that it rests on, where that is all. */
  readonly said?: MatchedLine;
  /** That line was said, but nothing shows that the failure comes from it. No remedy then. */
  readonly isOnlyRelated?: boolean;
}

/** An exception that was printed, but did not end the program. */
export interface EarlierException {
  /** One line, like {@link TaskFailure.title}. */
  readonly title: string;
  /** The deepest frame in the project's code. */
  readonly place?: Frame;
}

/** Where a failure's evidence comes from and what it says. Nothing here is a guess: absent means not found. */
export interface TaskFailure {
  readonly task: number;
  readonly name: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly exitCode?: number;
  readonly signal?: string;
  /** One line: `ValueError: learning rate must be positive`, or the reason when there is no trace. */
  readonly title: string;
  /** e.g. `ValueError`. */
  readonly exceptionType?: string;
  readonly message?: string;
  /** One line: the exception that the frames lead to, where it did not end the program and the title is another. */
  readonly raised?: string;
  /** Outermost first; empty when there is no trace. */
  readonly frames: readonly Frame[];
  /** The other exceptions of the same trace, in the order in which they were printed. */
  readonly related?: readonly RelatedException[];
  /** The deepest frame in the project's code: where to look. */
  readonly culprit?: Frame;
  /** Of a failure that no exception ended: the last one that was printed on the way, e.g. because it was handled. */
  readonly earlier?: EarlierException;
  /** Equal for failures with the same cause. */
  readonly signature: string;
  /** Absent when no pattern knows it. */
  readonly explanation?: FailureExplanation;
  /** The machine when the task failed, where a look was taken. */
  readonly system?: SystemInformation;
  /** The last lines of other logs in the task's directory, where they were asked for or stderr and stdout are empty. */
  readonly otherLogs?: readonly OtherLog[];
  /** The last lines, without terminal escapes. */
  readonly stderrTail: readonly string[];
  readonly stdoutTail: readonly string[];
  /** Absolute paths on this machine. */
  readonly stderrFile: string;
  readonly stdoutFile: string;
}

/** A log that the task wrote besides its output. */
export interface OtherLog {
  /** Absolute path on this machine. */
  readonly file: string;
  readonly tail: readonly string[];
}

/** Failures with one signature. */
export interface FailureGroup {
  readonly signature: string;
  readonly title: string;
  readonly tasks: readonly number[];
  /** What most of its tasks have. */
  readonly explanation?: FailureExplanation;
  /** What the group's tasks have in common and others do not; absent or empty when nothing stands out. */
  readonly sharedParameters?: readonly SharedParameter[];
  /** True where there are too many causes to compare the tasks of all of them with the others. */
  readonly isNotCompared?: boolean;
  /** Tasks of the group by the machine, or where that is not known the source, that they failed on. */
  readonly places?: Readonly<Record<string, number>>;
  /** When the first and the last of them failed. */
  readonly firstAtMs?: number;
  readonly lastAtMs?: number;
  /** The culprit's file in the workspace, absolute, and line. */
  readonly file?: string;
  readonly line?: number;
}
