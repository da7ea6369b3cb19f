import * as vscode from 'vscode';
import type { SweepFacade } from '../../core/facade';
import type { CommandHandlers } from '../commands/commandTable';
import { say } from '../commands/pickers';
import { relativeTo } from '../documents/documentText';
import { openAllDiffs, openDiff } from './openDiffs';
import { natural, sendable, transferFiles } from './syncCommands';
import type { Direction } from './syncNode';
import { filesBelow, pickRemote } from './syncTargets';
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
      const found = await lookAt(facade, uri, l10n.t('Compare with which checkout?'));
      if (!found) return;
      const { source, files, name } = found;
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
  const found = await lookAt(facade, uri, title);
  if (!found) return;
  const { source, comparison, files, path, name } = found;
  const [first] = files;
  if (!first) {
    say(l10n.t('{0} is the same here and on {1}.', name, source));
    return;
  }
  // A file that is named itself goes whatever became of it; of a folder, what goes that way.
  const isFile = files.length === 1 && first.path === path;
  const going = isFile ? sendable(files) : natural(direction, { files });
  if (going.length > 0) await transferFiles(facade, direction, comparison, going);
  else if (isFile)
    say(first.blocked ?? l10n.t('{0} goes with the commits: choose them in the Sync view.', name));
  else say(l10n.t('What differs in {0} cannot go that way by itself. Look at it in the Sync view.', name));
}

async function lookAt(facade: Facade, uri: vscode.Uri | undefined, title: string) {
  const file = uri ?? vscode.window.activeTextEditor?.document.uri;
  if (file?.scheme !== 'file') {
    say(vscode.l10n.t('Open a file of the project, or choose one in the explorer.'));
    return undefined;
  }
  const remote = await pickRemote(facade.sync, undefined, title);
  if (!remote) return undefined;
  const { source } = remote;
  const comparison = await compareNow(facade, source);
  const path = file.fsPath === facade.projectDir ? '' : relativeTo(facade.projectDir, file.fsPath);
  const name = path === '' ? vscode.l10n.t('The project') : path;
  return { source, comparison, path, name, files: filesBelow(comparison, path) };
}
