import * as vscode from 'vscode';
import type { SweepFacade } from '../../core/facade';
import { fileExists } from '../documents/linkProvider';
import type { LiveLogs } from '../logs/liveLogs';
import type { FailureMarks } from '../state/failureMarks';
import { nextFailure, type FailureRef } from '../state/nextFailure';
import type { SweepTree } from '../trees/sweepTree';
import type { CommandHandlers } from './commandTable';
import { openPlace } from './openPlace';
import { say } from './pickers';
import { openSummary } from './taskFiles';

export interface OtherCommandParts {
  readonly facade: SweepFacade;
  readonly marks: FailureMarks;
  readonly sweepTree: Pick<SweepTree, 'showMore'>;
  readonly log: Pick<vscode.LogOutputChannel, 'show'>;
  readonly liveLogs: Pick<LiveLogs, 'showEarlier'>;
}

type OtherCommands = Pick<
  CommandHandlers,
  | 'hsm.failure.next'
  | 'hsm.group.showMore'
  | 'hsm.log.show'
  | 'hsm.log.showEarlier'
  | 'hsm.file.openAt'
  | 'hsm.project.configure'
>;

/** Commands that belong to no single sweep, task or source. */
export function otherCommands({ facade, marks, sweepTree, log, liveLogs }: OtherCommandParts): OtherCommands {
  let lastFailure: FailureRef | undefined;
  return {
    async 'hsm.failure.next'() {
      const next = nextFailure(facade, marks, lastFailure);
      lastFailure = next;
      if (next) await openSummary(facade, marks, next);
      else say(vscode.l10n.t('No task has failed.'));
    },
    'hsm.group.showMore'(node) {
      if (node?.kind === 'more') sweepTree.showMore(node);
      return Promise.resolve();
    },
    'hsm.log.show'() {
      log.show(true);
      return Promise.resolve();
    },
    async 'hsm.log.showEarlier'() {
      const uri = vscode.window.activeTextEditor?.document.uri;
      if (uri) await liveLogs.showEarlier(uri);
    },
    'hsm.file.openAt': openPlace,
    'hsm.project.configure': () => openProjectFile(facade.projectDir),
  };
}

/** Opens `.hsm/config.yaml`; when there is none, a draft of it that becomes real when it is saved. */
async function openProjectFile(projectDir: string): Promise<void> {
  const uri = vscode.Uri.joinPath(vscode.Uri.file(projectDir), '.hsm', 'config.yaml');
  if (await fileExists(uri)) {
    await vscode.window.showTextDocument(uri);
    return;
  }
  const draft = await vscode.workspace.openTextDocument(uri.with({ scheme: 'untitled' }));
  const editor = await vscode.window.showTextDocument(draft);
  if (draft.getText() === '')
    await editor.edit((edit) => {
      edit.insert(draft.positionAt(0), PROJECT_DRAFT);
    });
}

const PROJECT_DRAFT = `project:
  script: train.py
  python: python3
  output: outputs
  arguments: hydra
sources:
  local: { type: local, slots: 4 }
`;
