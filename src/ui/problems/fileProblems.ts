import * as vscode from 'vscode';
import { DisposableStore, toDisposable, type Disposable } from '../../core/base/lifecycle';
import type { SweepFacade } from '../../core/facade';
import type { Problem, Severity } from '../../core/sweep/problem';
import { isProjectFile, isYamlFile } from '../editor/fileRole';
import { PROBLEM_SOURCE } from './problemSource';

/** A file is checked after this much quiet. */
const TYPING_PAUSE_MS = 300;

type Facade = Pick<SweepFacade, 'check' | 'isSweepFile' | 'projectDir'>;

/** Checks open sweep files and the project file while they are typed. */
export class FileProblems implements Disposable {
  private readonly store = new DisposableStore();
  private readonly collection = this.store.add(vscode.languages.createDiagnosticCollection('hsm.files'));
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly facade: Facade,
    private readonly onError: (error: unknown) => void,
  ) {
    const { workspace } = vscode;
    const later = (document: vscode.TextDocument): void => {
      this.checkLater(document);
    };
    this.store.add(workspace.onDidOpenTextDocument(later));
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        later(document);
      }),
    );
    this.store.add(
      workspace.onDidCloseTextDocument((document) => {
        this.forget(document);
      }),
    );
    this.store.add(
      toDisposable(() => {
        this.timers.forEach((timer) => {
          clearTimeout(timer);
        });
      }),
    );
    workspace.textDocuments.forEach(later);
  }

  dispose(): void {
    this.store.dispose();
  }

  private checkLater(document: vscode.TextDocument): void {
    const { uri } = document;
    if (uri.scheme !== 'file' || !isYamlFile(uri.fsPath)) return;
    clearTimeout(this.timers.get(uri.fsPath));
    const timer = setTimeout(() => {
      this.check(document).catch(this.onError);
    }, TYPING_PAUSE_MS);
    this.timers.set(uri.fsPath, timer);
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { uri, version } = document;
    const problems = await this.problemsOf(uri.fsPath, document.getText());
    // A newer text has its own check under way.
    if (document.isClosed || document.version !== version) return;
    this.collection.set(uri, problems.map(toDiagnostic));
  }

  private async problemsOf(file: string, text: string): Promise<readonly Problem[]> {
    const isOurs = isProjectFile(this.facade.projectDir, file) || this.facade.isSweepFile(file, text);
    return isOurs ? this.facade.check(file, text) : [];
  }

  private forget({ uri }: vscode.TextDocument): void {
    clearTimeout(this.timers.get(uri.fsPath));
    this.timers.delete(uri.fsPath);
    this.collection.delete(uri);
  }
}

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

function toDiagnostic({ range, message, hint, severity, code }: Problem): vscode.Diagnostic {
  const { line, column, endLine, endColumn } = range;
  const place = new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
  const text = hint ? `${message} ${hint}` : message;
  const diagnostic = new vscode.Diagnostic(place, text, SEVERITIES[severity]);
  diagnostic.source = PROBLEM_SOURCE;
  diagnostic.code = code;
  return diagnostic;
}
