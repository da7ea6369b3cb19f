import * as vscode from 'vscode';
import type { Clock } from '../core/base/clock';
import { DisposableStore, type Disposable } from '../core/base/lifecycle';
import type { SweepFacade } from '../core/facade';
import { hostCommands } from './commands/hostCommands';
import { debugCommands } from './commands/debugTask';
import { otherCommands } from './commands/otherCommands';
import { registerCommands, registerCommandsWithoutProject } from './commands/registerCommands';
import { makeReporter, type Reporter } from './commands/report';
import { rerunGroupCommands } from './commands/rerunGroup';
import { sourceCommands } from './commands/sourceCommands';
import { startCommands } from './commands/startSweep';
import { sweepVerbs } from './commands/sweepVerbs';
import { sweepViews } from './commands/sweepViews';
import { taskFileCommands } from './commands/taskFiles';
import { makeTaskTargets } from './commands/taskTargets';
import { taskVerbs } from './commands/taskVerbs';
import { DOCUMENT_SCHEME } from './documents/documentUri';
import { FailureLens } from './documents/failureLens';
import { HsmDocuments } from './documents/hsmDocuments';
import { SweepFiles } from './editor/sweepFiles';
import { SweepLens } from './editor/sweepLens';
import { LiveLogs } from './logs/liveLogs';
import { FailureActions } from './problems/failureActions';
import { FailureProblems } from './problems/failureProblems';
import { FileProblems } from './problems/fileProblems';
import { makePageDesk } from './results/pageDesk';
import { resultsCommands } from './results/resultsCommands';
import { ResultsPanels } from './results/resultsPanels';
import { ChangeBatch } from './state/changeBatch';
import { FailureCauses } from './state/failureCauses';
import { FailureMarks } from './state/failureMarks';
import { SweepEnds } from './state/sweepEnds';
import { WaitingHosts } from './state/waitingHosts';
import { notifyOfEnds } from './status/endNotifications';
import { notifyOfHosts } from './status/hostNotifications';
import { StatusBar } from './status/statusBar';
import { pathCommands } from './sync/pathCommands';
import { syncCommands } from './sync/syncCommands';
import { registerSyncView } from './sync/syncView';
import { registerEmptyViews, registerViews, type Views } from './trees/views';
import type { UiTestApi } from './uiTestApi';

/** The editor's side of the product, and what tests may look at. */
export interface Ui extends Disposable {
  readonly testApi: UiTestApi;
}

/** What the editor's side is made of. */
export interface UiParts {
  readonly context: Pick<vscode.ExtensionContext, 'workspaceState' | 'extensionUri'>;
  readonly facade: SweepFacade;
  readonly log: vscode.LogOutputChannel;
  readonly clock: Clock;
}

/**
 * Puts views, commands, documents, problems and status of one project into this window. Disposing it takes them away
 * and leaves the sweeps alone.
 */
export function registerUi({ context, facade, log, clock }: UiParts): Ui {
  const store = new DisposableStore();
  const reporter = makeReporter(log);
  const { record } = reporter;
  const { onDidChange } = store.add(new ChangeBatch(facade, clock));
  const marks = store.add(new FailureMarks(facade, context.workspaceState, clock.now()));
  const causes = store.add(new FailureCauses(facade, onDidChange, clock, record));
  const views = store.add(registerViews({ facade, marks, causes, onDidChange, clock, record }));
  const { ticks } = store.add(registerSyncView({ facade, onDidChange, record }));
  const sweepFiles = store.add(new SweepFiles(facade, record));
  const statusBar = store.add(new StatusBar(facade, marks, onDidChange));
  const ends = store.add(new SweepEnds(facade, onDidChange));
  store.add(notifyOfEnds(ends, record));
  store.add(notifyOfHosts(store.add(new WaitingHosts(facade, clock)), record));
  store.add(new HsmDocuments(facade, onDidChange, record));
  const liveLogs = store.add(new LiveLogs(facade, record));
  store.add(new FailureProblems(facade, marks, onDidChange, record));
  store.add(new FileProblems(facade, record));
  store.add(registerEditorHelp(facade, reporter));
  const desk = makePageDesk(facade);
  const { extensionUri } = context;
  const panels = store.add(new ResultsPanels({ facade, onDidChange, extensionUri, desk, record }));
  const memory = context.workspaceState;
  const targets = makeTaskTargets(facade, views.sweepView);
  const handlers = {
    ...startCommands({ facade, sweepFiles, memory, revealSweep: views.revealSweep }),
    ...sweepVerbs(facade),
    ...sweepViews(facade, marks),
    ...resultsCommands(facade, targets, panels),
    ...taskFileCommands(facade, marks, targets),
    ...taskVerbs(facade, targets),
    ...sourceCommands(facade),
    ...hostCommands(facade, targets),
    ...debugCommands(facade, targets),
    ...rerunGroupCommands(facade),
    ...syncCommands(facade, ticks),
    ...pathCommands(facade),
    ...otherCommands({ facade, marks, sweepTree: views.sweepTree, log, liveLogs }),
  };
  store.add(registerCommands(handlers, reporter.report));
  return {
    testApi: makeTestApi(facade, views, sweepFiles, statusBar),
    dispose: () => {
      store.dispose();
    },
  };
}

/** For a window without a folder: the views show how to begin, the commands say what is missing. */
export function registerUiWithoutProject(log: vscode.LogOutputChannel): Disposable {
  const store = new DisposableStore();
  const showLog = (): void => {
    log.show(true);
  };
  store.add(registerEmptyViews());
  store.add(registerCommandsWithoutProject(showLog, makeReporter(log).report));
  return store;
}

function registerEditorHelp(facade: SweepFacade, { record }: Reporter): Disposable {
  const store = new DisposableStore();
  const { languages } = vscode;
  const yaml = { scheme: 'file', pattern: '**/*.{yml,yaml}' };
  store.add(languages.registerCodeLensProvider(yaml, new SweepLens(facade, record)));
  const summaries = { scheme: DOCUMENT_SCHEME, language: 'markdown' };
  store.add(languages.registerCodeLensProvider(summaries, new FailureLens(facade, record)));
  store.add(
    languages.registerCodeActionsProvider({ scheme: 'file' }, new FailureActions(), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
  );
  return store;
}

function makeTestApi(
  facade: SweepFacade,
  { sweepTree, sourceTree, sweepView }: Views,
  sweepFiles: SweepFiles,
  statusBar: StatusBar,
): UiTestApi {
  return {
    facade,
    sweepTree,
    sourceTree,
    sweepFiles: () => sweepFiles.all(),
    statusText: () => statusBar.shown?.text,
    unseenFailures: () => sweepView.badge?.value ?? 0,
  };
}
