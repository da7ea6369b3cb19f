import type { Problem } from '../sweep/problem';

/** A problem with the file that it is in. */
export interface FileProblem extends Problem {
  /** Absolute. */
  readonly file: string;
}

/** Why a sync was refused. `blocks`: the user's word does not help. */
export interface SyncReason {
  readonly text: string;
  /** What the user can do, as a sentence. */
  readonly action?: string;
  readonly blocks: boolean;
  /** What it stands in the way of: `commits` and `files` leave the other alone. */
  readonly about: 'everything' | 'commits' | 'files';
  /** Of tasks that run from the checkout: how many. */
  readonly runningTasks?: number;
}

/**
 * Every failure that is raised on purpose, with what it carries. A code exists only where a caller reacts
 * differently: another exit code, another button, a retry.
 */
export interface ErrorDetails {
  /** The user's input cannot be acted on: an unknown sweep, a sweep file with errors, a bad option. */
  'input.invalid': {
    readonly hint?: string;
    /** What is wrong in the user's files, errors and warnings, in the order of the text. */
    readonly problems?: readonly FileProblem[];
  };
  /** Another process drives the sweep. */
  'sweep.driven': { readonly pid: number; readonly host: string };
  /** A source or its host cannot do what was asked: no such interpreter, no GPU, not reachable. */
  'source.unavailable': { readonly source: string; readonly hint?: string };
  /** A host cannot be reached, or the connection was lost. Trying again later may help. */
  'host.unreachable': { readonly host: string; readonly hint?: string };
  /**
   * A host refused the connection, its key is not trusted, or the user did not answer. Trying again without the user
   * does not help.
   */
  'host.refused': { readonly host: string; readonly hint?: string };
  /** A command on a host ended with a status that was not expected. */
  'command.failed': {
    readonly argv: readonly string[];
    readonly exitCode: number | undefined;
    readonly stderr: string;
  };
  /** The state of workspace and checkout does not allow a sync, or asks for the user's word first. */
  'sync.refused': {
    readonly reasons: readonly SyncReason[];
    readonly hint?: string;
    /** Of a start that was refused: the source, and whether a push would make it possible. */
    readonly source?: string;
    readonly canPush?: boolean;
  };
  /** The disk under the sweep directory is full or cannot be written. */
  'disk.unwritable': { readonly path: string };
}

export type ErrorCode = keyof ErrorDetails;

/** An expected failure. Its message is written for the user: what failed, on what, what to do next. */
export class HsmError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name: string = 'HsmError';

  constructor(
    readonly code: C,
    message: string,
    readonly details: ErrorDetails[C],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Narrows a caught value to an expected failure with this code. */
  static is<K extends ErrorCode>(error: unknown, code: K): error is HsmError<K> {
    return error instanceof HsmError && error.code === code;
  }
}

/** Whether a source or its host cannot be asked now, which says nothing of its tasks; another time it may be asked. */
export function isOutOfReach(error: unknown): error is HsmError {
  const codes: readonly ErrorCode[] = [
    'source.unavailable',
    'host.unreachable',
    'host.refused',
    'command.failed',
  ];
  return error instanceof HsmError && codes.includes(error.code as ErrorCode);
}

/** The text of anything that was thrown, for a message or a log line. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
