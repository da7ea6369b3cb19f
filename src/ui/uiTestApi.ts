import type * as vscode from 'vscode';
import type { SweepFacade } from '../core/facade';
import type { SourceNode } from './trees/sourceItems';
import type { SweepNode } from './trees/sweepNode';

/** What `activate` returns to tests: the same objects that VS Code asks. */
export interface UiTestApi {
  readonly facade: SweepFacade;
  readonly sweepTree: vscode.TreeDataProvider<SweepNode>;
  readonly sourceTree: vscode.TreeDataProvider<SourceNode>;
  /** Sweep files that were found, when the search is done. */
  sweepFiles(): Promise<readonly vscode.Uri[]>;
  /** What the status bar says; undefined while it is hidden. */
  statusText(): string | undefined;
  /** The number on the Sweeps view's badge. */
  unseenFailures(): number;
}
