import type { SweepPreview } from '../../core/facade';
import { hasErrors } from '../../core/sweep/problem';
import type { L10n } from '../text/l10n';
import { taskCount } from '../text/stateWords';

export interface LensText {
  readonly title: string;
  readonly command: string;
}

/** What stands over the first line of a sweep file. */
export function lensTexts(
  l10n: L10n,
  { count, problems }: Pick<SweepPreview, 'count' | 'problems'>,
  isTrusted: boolean,
): readonly LensText[] {
  const preview = { title: l10n.t('Preview'), command: 'hsm.sweep.preview' };
  if (count === undefined || hasErrors(problems)) {
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    const title = errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors);
    return [{ title: `$(error) ${title}`, command: 'workbench.actions.view.problems' }, preview];
  }
  const tasks = taskCount(l10n, count);
  if (!isTrusted) return [{ ...preview, title: l10n.t('Preview · {0}', tasks) }];
  return [{ title: l10n.t('▶ Start Sweep · {0}', tasks), command: 'hsm.sweep.start' }, preview];
}
