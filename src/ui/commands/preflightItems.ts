import type { Preflight, PreflightFinding } from '../../core/facade';
import { harmlessText } from '../text/harmlessText';
import type { L10n } from '../text/l10n';
import type { CommandId } from './commandTable';

/** One line of the list before a start. */
export interface PreflightItem {
  readonly label: string;
  readonly detail?: string;
  readonly action:
    /** `sync`: what becomes of copies that are out of step. */
    | { readonly kind: 'start'; readonly sync?: 'push' | 'skip' }
    /** Only these sources are wanted any more, and looked at again. */
    | { readonly kind: 'narrow'; readonly sources: readonly string[] }
    | { readonly kind: 'again' }
    /** `thenAgain`: what it mends shows by looking again. */
    | {
        readonly kind: 'mend';
        readonly command: CommandId;
        readonly args: readonly unknown[];
        readonly thenAgain: boolean;
      };
}

/** What was found, with what to do about each; a start is offered only when tasks could run. */
export function preflightItems(l10n: L10n, found: Preflight): readonly PreflightItem[] {
  const again: PreflightItem = { label: `$(refresh) ${l10n.t('Look Again')}`, action: { kind: 'again' } };
  const lines = found.findings.map((finding) => findingItem(l10n, finding));
  return [...startItems(l10n, found), ...lines, again];
}

/** Code that is out of step is for the user to decide; everything else that is an error forbids the start there. */
function startItems(l10n: L10n, { findings, usable }: Preflight): readonly PreflightItem[] {
  const code = findings.filter(({ subject }) => subject === 'code');
  if (findings.some(({ subject, severity }) => severity === 'error' && subject !== 'code'))
    return usable.length === 0 ? [] : [narrowItem(l10n, usable)];
  if (code.length === 0) return [{ label: `$(play) ${l10n.t('Start Anyway')}`, action: { kind: 'start' } }];
  const push: PreflightItem = {
    label: `$(cloud-upload) ${l10n.t('Push First, Then Start')}`,
    action: { kind: 'start', sync: 'push' },
  };
  const skip: PreflightItem = {
    label: `$(play) ${l10n.t('Run What Is There')}`,
    action: { kind: 'start', sync: 'skip' },
  };
  return code.every(({ canPush }) => canPush) ? [push, skip] : [skip];
}

function narrowItem(l10n: L10n, sources: readonly string[]): PreflightItem {
  const label = l10n.t('Start on {0} Only', sources.join(', '));
  return { label: `$(play) ${label}`, action: { kind: 'narrow', sources } };
}

function findingItem(l10n: L10n, finding: PreflightFinding): PreflightItem {
  const { source, severity, text, fix } = finding;
  const { hint, action } = mendingOf(l10n, finding);
  const icon = severity === 'error' ? '$(error)' : '$(warning)';
  return {
    // Icons of other people's text would be drawn, too.
    label: `${icon} ${source}: ${harmlessText(text).replaceAll('$(', '$ (')}`,
    detail: [fix && harmlessText(fix), hint].filter(Boolean).join(' '),
    action,
  };
}

/** Where the user can do something about a finding. */
function mendingOf(
  l10n: L10n,
  { source, subject }: PreflightFinding,
): { readonly hint: string; readonly action: PreflightItem['action'] } {
  switch (subject) {
    case 'connection':
    case 'health':
      return {
        hint: l10n.t('Choose to test {0} again.', source),
        action: { kind: 'mend', command: 'hsm.source.retry', args: [{ name: source }], thenAgain: true },
      };
    case 'code':
      return {
        hint: l10n.t('Choose to look at it in the Sync view.'),
        action: { kind: 'mend', command: 'hsm.sync.show', args: [], thenAgain: false },
      };
    case 'files':
      return {
        hint: l10n.t('Choose to open the configuration.'),
        action: { kind: 'mend', command: 'hsm.project.configure', args: [], thenAgain: false },
      };
  }
}
