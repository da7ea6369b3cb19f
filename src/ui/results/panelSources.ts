import type * as vscode from 'vscode';
import type { Event } from '../../core/base/event';
import type { Change, SweepFacade } from '../../core/facade';
import type { PageDesk } from './answerPage';

/** What results pages need of the window they are in. */
export interface PanelSources {
  readonly facade: SweepFacade;
  readonly onDidChange: Event<Change>;
  readonly extensionUri: vscode.Uri;
  readonly desk: PageDesk;
  readonly record: (error: unknown) => void;
}
