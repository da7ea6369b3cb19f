import * as vscode from 'vscode';
import type { SourceSummary, StartOptions, SweepFacade } from '../../core/facade';
import { relativeTo } from '../documents/documentText';
import { parseUriParts } from '../documents/documentUri';
import { showHsmDocument } from '../documents/hsmDocuments';
import type { SweepFiles } from '../editor/sweepFiles';
import { saveAll, unsavedBelow } from '../editor/unsaved';
import { startInSync } from '../sync/startInSync';
import { slotsText } from '../text/slotsText';
import { taskCount } from '../text/stateWords';
import { facts } from '../trees/itemData';
import type { CommandHandlers } from './commandTable';
import { confirm } from './pickers';
import { lookBeforeStart } from './preflight';

/** Starting more tasks than this is asked about: it is as often a slip of the pen as it is meant. */
const MANY_TASKS = 10_000;

const LAST_SOURCES_KEY = 'hsm.lastSources';

export interface StartCommandParts {
  readonly facade: SweepFacade;
  readonly sweepFiles: SweepFiles;
  /** Remembers the sources that were chosen last. */
  readonly memory: vscode.Memento;
  /** Shows a sweep in the Sweeps view. */
  readonly revealSweep: (sweepId: string) => Promise<void>;
}

type StartCommands = Pick<CommandHandlers, 'hsm.sweep.start' | 'hsm.sweep.preview' | 'hsm.sweep.create'>;

/** Commands that work on a sweep file. */
export function startCommands(parts: StartCommandParts): StartCommands {
  return {
    async 'hsm.sweep.start'(file) {
      const uri = await pickSweepFile(parts, file, vscode.l10n.t('Start which sweep file?'));
      if (uri) await startSweep(parts, uri);
    },
    async 'hsm.sweep.preview'(file) {
      const uri = await pickSweepFile(parts, file, vscode.l10n.t('Preview which sweep file?'));
      if (uri) await showHsmDocument({ kind: 'preview', file: uri.fsPath });
    },
    'hsm.sweep.create': createSweepFile,
  };
}

async function startSweep(parts: StartCommandParts, uri: vscode.Uri): Promise<void> {
  const { facade, memory, revealSweep } = parts;
  const document = await vscode.workspace.openTextDocument(uri);
  // What is on screen is what should run: the sweep file, and the code.
  const unsaved = [{ document }, ...unsavedBelow(facade.projectDir, '')];
  if (!(await saveAll(unsaved))) return;
  const isLarge = await confirmLarge(facade, document);
  if (isLarge === 'no') return;
  const sources = await pickSources(facade.sources(), memory);
  if (sources === 'cancelled') return;
  const options: StartOptions = {
    ...(sources.length > 0 && { sources }),
    ...(isLarge === 'yes' && { allowLarge: true }),
  };
  const agreed = await lookBeforeStart(facade, uri.fsPath, options);
  if (!agreed) return;
  const sweep = await startInSync(facade, uri.fsPath, agreed);
  if (sweep) await revealSweep(sweep.id);
}

/** @returns `small` when there was nothing to ask; a file with errors is left to the start, which explains them */
async function confirmLarge(
  facade: Pick<SweepFacade, 'preview'>,
  document: vscode.TextDocument,
): Promise<'small' | 'yes' | 'no'> {
  const { l10n } = vscode;
  const { count = 0 } = await facade.preview(document.uri.fsPath, document.getText(), 0);
  if (count <= MANY_TASKS) return 'small';
  const isSure = await confirm(
    l10n.t('Start {0}?', taskCount(l10n, count)),
    l10n.t('Each task gets a folder with its output. Preview shows what would run.'),
    l10n.t('Start Sweep'),
  );
  return isSure ? 'yes' : 'no';
}

/** @returns an empty list for "as the sweep file says" */
async function pickSources(
  sources: readonly SourceSummary[],
  memory: vscode.Memento,
): Promise<readonly string[] | 'cancelled'> {
  if (sources.length <= 1) return [];
  const last = memory.get<readonly string[]>(LAST_SOURCES_KEY) ?? [];
  const items = sources.map((source) => ({
    label: source.name,
    description: facts(source.type, source.host, slotsText(vscode.l10n, source)),
    picked: last.includes(source.name),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t('Run on which compute sources?'),
    placeHolder: vscode.l10n.t('None ticked: as the sweep file says'),
  });
  if (!chosen) return 'cancelled';
  const names = chosen.map(({ label }) => label);
  await memory.update(LAST_SOURCES_KEY, names);
  return names;
}

/** The file that was clicked, else the one that the editor shows or previews, else the user's choice. */
async function pickSweepFile(
  { sweepFiles, facade }: StartCommandParts,
  file: vscode.Uri | undefined,
  title: string,
): Promise<vscode.Uri | undefined> {
  if (file) return previewedFile(file) ?? file;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && sweepFiles.isSweepFile(active)) return active;
  const previewed = active && previewedFile(active);
  if (previewed) return previewed;
  const items = (await sweepFiles.all()).map((uri) => ({
    label: relativeTo(facade.projectDir, uri.fsPath),
    uri,
  }));
  if (items.length > 0) return (await vscode.window.showQuickPick(items, { title }))?.uri;
  await offerSweepFile();
  return undefined;
}

function previewedFile(uri: vscode.Uri): vscode.Uri | undefined {
  const document = parseUriParts(uri);
  return document?.kind === 'preview' ? vscode.Uri.file(document.file) : undefined;
}

async function offerSweepFile(): Promise<void> {
  const create = vscode.l10n.t('New Sweep File');
  const text = vscode.l10n.t('No sweep file was found in the folder "sweeps" or among the open files.');
  if ((await vscode.window.showInformationMessage(text, create)) === create) await createSweepFile();
}

async function createSweepFile(): Promise<void> {
  const content = [
    `# ${vscode.l10n.t('Save this in the folder "sweeps" of your project, then start it from its context menu.')}`,
    'script: train.py',
    'sweep:',
    '  grid:',
    '    lr: [0.1, 0.01]',
    '    seed: [1, 2, 3]',
    '',
  ].join('\n');
  const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
  await vscode.window.showTextDocument(document);
}
