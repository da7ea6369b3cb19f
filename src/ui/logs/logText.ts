import { foreignLines } from '../../core/analysis/foreignLine';
import { formatBytes } from '../../core/base/formatBytes';
import type { L10n } from '../text/l10n';
import type { LogTail } from './logTail';

export interface LogParts {
  readonly tail: Pick<LogTail, 'text' | 'hiddenBytes'>;
  /** Why nothing newer can be read now. */
  readonly trouble?: string;
}

/** A log as the editor shows it: without what a terminal would obey, with what is missing said in words. */
export function logText(l10n: L10n, { tail, trouble }: LogParts): string {
  const lines = foreignLines(tail.text);
  const { hiddenBytes } = tail;
  const before =
    hiddenBytes > 0
      ? [l10n.t('{0} of earlier output are not shown. {1}', formatBytes(hiddenBytes), earlierLabel(l10n))]
      : [];
  const empty = lines.length === 0 && trouble === undefined ? [l10n.t('Nothing was written here yet.')] : [];
  const after = trouble === undefined ? [] : ['', ...foreignLines(trouble)];
  return [...before, ...lines, ...empty, ...after, ''].join('\n');
}

/** The words that are a link. */
export function earlierLabel(l10n: L10n): string {
  return l10n.t('Show Earlier Output');
}
