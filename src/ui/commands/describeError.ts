import { errorText, HsmError } from '../../core/base/errors';
import { harmlessText } from '../text/harmlessText';
import type { L10n } from '../text/l10n';

/** How a failure is put to the user. */
export interface ErrorMessage {
  readonly text: string;
  /** What the user can do at once, the likeliest first. */
  readonly actions: readonly ErrorAction[];
  /** A bug of ours rather than something that can happen. */
  readonly isBug: boolean;
}

export interface ErrorAction {
  readonly title: string;
  readonly command: string;
  readonly args: readonly unknown[];
}

/** VS Code cuts longer messages itself, without saying so. */
const LONGEST = 900;

/** @returns undefined for a cancellation, which nobody needs to be told of */
export function describeError(l10n: L10n, error: unknown): ErrorMessage | undefined {
  if (isCancellation(error)) return undefined;
  const showLog = { title: l10n.t('Show Log'), command: 'hsm.log.show', args: [] };
  if (!isExpected(error)) {
    const text = l10n.t('HPC Sweep met an internal error: {0}', errorText(error));
    return { text, actions: [showLog], isBug: true };
  }
  return {
    text: harmlessText(withHint(error), LONGEST),
    actions: actionsFor(l10n, error, showLog),
    isBug: false,
  };
}

function isExpected(error: unknown): error is HsmError {
  return error instanceof HsmError;
}

function isCancellation(error: unknown): boolean {
  // VS Code's CancellationError is named "Canceled".
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'Canceled');
}

function withHint({ message, details }: HsmError): string {
  return 'hint' in details && details.hint ? `${message} ${details.hint}` : message;
}

function actionsFor(l10n: L10n, error: HsmError, showLog: ErrorAction): readonly ErrorAction[] {
  if (HsmError.is(error, 'input.invalid')) {
    const [first] = error.details.problems ?? [];
    if (!first) return [];
    const place = { file: first.file, line: first.range.line, column: first.range.column };
    return [{ title: l10n.t('Go to Problem'), command: 'hsm.file.openAt', args: [place] }];
  }
  if (HsmError.is(error, 'source.unavailable')) {
    const { source } = error.details;
    return [{ title: l10n.t('Test Source'), command: 'hsm.source.test', args: [{ name: source }] }, showLog];
  }
  if (HsmError.is(error, 'host.refused') || HsmError.is(error, 'host.unreachable')) {
    const { host } = error.details;
    return [{ title: l10n.t('Connect'), command: 'hsm.source.connect', args: [{ host }] }, showLog];
  }
  return [showLog];
}
