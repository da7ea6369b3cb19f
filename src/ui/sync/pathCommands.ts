import * as vscode from 'vscode';
import type { SweepFacade } from '../../core/facade';
import type { Direction, FileComparison } from '../../core/sync/comparison';
import { canGoAlone, chooseNamed, findNamed } from '../../core/sync/fileChoice';
import type { CommandHandlers } from '../commands/commandTable';
import { say } from '../commands/pickers';
import { relativeTo } from '../documents/documentText';
import type { L10n } from '../text/l10n';
import { openAllDiffs, openDiff } from './openDiffs';
import { transferFiles } from './syncCommands';
import { offerToSave } from './saveFirst';
import { pickRemote } from './syncTargets';
import { listPaths } from './syncWords';
import { compareNow } from './transferSteps';

type Facade = Pick<SweepFacade, 'sync' | 'projectDir'>;

/** Commands on a file or folder of the explorer. They compare first: the explorer shows no comparison. */
export function pathCommands(
  facade: Facade,
): Pick<CommandHandlers, 'hsm.sync.pushPath' | 'hsm.sync.pullPath' | 'hsm.sync.comparePath'> {
  const { l10n } = vscode;
  return {
    'hsm.sync.pushPath': (uri) => transferPath(facade, 'push', uri, l10n.t('Push to which checkout?')),
    'hsm.sync.pullPath': (uri) => transferPath(facade, 'pull', uri, l10n.t('Pull from which checkout?')),
    async 'hsm.sync.comparePath'(uri) {
      const target = await pickTarget(facade, uri, l10n.t('Compare with which checkout?'));
      const found = target && (await lookAt(facade, target));
      if (!found) return;
      const { source, comparison, path, name } = found;
      const { exact, below } = findNamed(comparison.files, path);
      const files = exact ? [exact, ...below] : below;
      const place = { projectDir: facade.projectDir, source };
      const [only] = files;
      if (!only) say(l10n.t('{0} is the same here and on {1}.', name, source));
      else if (files.length === 1) await openDiff(place, only);
      else await openAllDiffs(place, files);
    },
  };
}

async function transferPath(
  facade: Facade,
  direction: Direction,
  uri: vscode.Uri | undefined,
  title: string,
): Promise<void> {
  const { l10n } = vscode;
  const target = await pickTarget(facade, uri, title);
  if (!target) return;
  if (direction === 'push' && !(await offerToSave(facade.projectDir, target.path))) return;
  const { source, comparison, path, name } = await lookAt(facade, target);
  const { going, staying } = chooseNamed(direction, comparison, path);
  const [first] = going;
  if (!first && staying.length === 0) say(l10n.t('{0} is the same here and on {1}.', name, source));
  else if (!first)
    say(l10n.t('What differs in {0} cannot go that way by itself. Look at it in the Sync view.', name));
  else if (going.every(canGoAlone)) {
    const isDone = await transferFiles(facade, direction, comparison, going);
    if (isDone && staying.length > 0) say(stayingText(l10n, name, staying));
  } else say(first.blocked ?? l10n.t('{0} goes with the commits: choose them in the Sync view.', name));
}

/** A folder was named, and not all that differs in it goes that way by itself. */
function stayingText(l10n: L10n, name: string, staying: readonly FileComparison[]): string {
  const paths = listPaths(
    l10n,
    staying.map(({ path }) => path),
  );
  return l10n.t('What else differs in {0} stays until you choose it in the Sync view: {1}.', name, paths);
}

interface Target {
  readonly source: string;
  /** Relative to the project; empty: the project itself. */
  readonly path: string;
}

async function pickTarget(
  { sync, projectDir }: Facade,
  uri: vscode.Uri | undefined,
  title: string,
): Promise<Target | undefined> {
  const file = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (file?.scheme !== 'file') {
    say(vscode.l10n.t('Open a file of the project, or choose one in the explorer.'));
    return undefined;
  }
  const remote = await pickRemote(sync, undefined, title);
  const path = file.fsPath === projectDir ? '' : relativeTo(projectDir, file.fsPath);
  return remote && { source: remote.source, path };
}

async function lookAt(facade: Facade, { source, path }: Target) {
  const comparison = await compareNow(facade, source);
  const name = path === '' ? vscode.l10n.t('The project') : path;
  return { source, comparison, path, name };
}
