import { explanationSentences } from '../../core/analysis/explanationText';
import type { FailureGroup } from '../../core/analysis/failure';
import type { SweepFacade } from '../../core/facade';
import type { FailureCauses } from '../state/failureCauses';
import type { L10n } from '../text/l10n';
import { taskCount } from '../text/stateWords';
import { facts, words, type ItemData } from './itemData';
import { nodeId, type CauseNode } from './sweepNode';
import { FAILURE_STATES } from './taskGroup';

/** A cause with those of its tasks that are failed now. */
export interface ShownCause {
  readonly group: FailureGroup;
  readonly tasks: readonly number[];
}

/** The causes below a sweep's failed tasks, the biggest first. None while they are not known, or when there is one. */
export function shownCauses(
  facade: Pick<SweepFacade, 'tasks'>,
  causes: Pick<FailureCauses, 'groupsOf'> | undefined,
  sweepId: string,
): readonly ShownCause[] {
  const groups = causes?.groupsOf(sweepId) ?? [];
  if (groups.length < 2) return [];
  const failed = new Set(facade.tasks(sweepId, { states: FAILURE_STATES }).map(({ number }) => number));
  const shown = groups.map((group) => ({ group, tasks: group.tasks.filter((task) => failed.has(task)) }));
  const left = shown.filter(({ tasks }) => tasks.length > 0).sort((a, b) => b.tasks.length - a.tasks.length);
  return left.length < 2 ? [] : left;
}

export function causeItem(l10n: L10n, node: CauseNode, { group, tasks }: ShownCause): ItemData {
  const { title, explanation, sharedParameters = [], file, line } = group;
  const count = taskCount(l10n, tasks.length);
  const description = facts(count, ...sharedParameters.map(({ text }) => text));
  const known = explanation ? explanationSentences(explanation) : [];
  const tooltip = [title, ...known].join('\n\n');
  return {
    id: nodeId(node),
    label: title,
    description,
    tooltip,
    icon: { id: 'bug' },
    contextValue: words('cause', file !== undefined && line !== undefined && 'hasPlace'),
    accessibleLabel: l10n.t('Cause {0}, {1}', title, description.replaceAll(' · ', ', ')),
    children: 'collapsed',
  };
}
