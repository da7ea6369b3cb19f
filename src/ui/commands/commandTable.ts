import type * as vscode from 'vscode';
import type { SyncArgument, SyncNode } from '../sync/syncNode';
import type { SourceNode } from '../trees/sourceItems';
import type { SweepNode } from '../trees/sweepNode';

/** A line of the Sweeps view, or the address of one of our documents: both name a sweep, and perhaps a task. */
export type SweepArgument = SweepNode | vscode.Uri;

/** A place in a file. Line and column count from 1. */
export interface FilePlace {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

type Command<A extends unknown[] = []> = (...args: A) => Promise<void>;
type SweepCommand = Command<[target?: SweepArgument]>;
/** Menus give the line that was clicked, and all that are selected. */
type TaskCommand = Command<[target?: SweepArgument, selection?: readonly SweepArgument[]]>;
/** A line of the Compute view, or a host by its alias. */
export type SourceArgument = Pick<SourceNode, 'name'> | { readonly host: string };
type SourceCommand = Command<[target?: SourceArgument]>;
type SyncCommand = Command<[target?: SyncArgument]>;
type SyncLinesCommand = Command<[target?: SyncArgument, selection?: readonly SyncArgument[]]>;

/**
 * Every command and what it takes. Arguments are optional, because the command palette and key bindings pass none.
 * `package.json` lists the same ids; tests compare the two.
 */
export interface CommandHandlers {
  'hsm.sweep.start': Command<[file?: vscode.Uri]>;
  'hsm.sweep.preview': Command<[file?: vscode.Uri]>;
  'hsm.sweep.create': Command;
  'hsm.sweep.pause': SweepCommand;
  'hsm.sweep.resume': SweepCommand;
  'hsm.sweep.stop': SweepCommand;
  'hsm.sweep.cancel': SweepCommand;
  'hsm.sweep.rerunFailed': SweepCommand;
  'hsm.sweep.rerunUnsuccessful': SweepCommand;
  'hsm.sweep.extend': SweepCommand;
  'hsm.sweep.openFolder': SweepCommand;
  'hsm.sweep.showErrors': SweepCommand;
  'hsm.sweep.showResults': SweepCommand;
  'hsm.sweep.showResultsText': SweepCommand;
  'hsm.sweep.copyId': SweepCommand;
  'hsm.sweep.dismissFailures': SweepCommand;
  'hsm.sweep.showActions': Command;
  'hsm.group.showMore': Command<[target?: SweepNode]>;
  'hsm.task.openStdout': SweepCommand;
  'hsm.task.openStderr': SweepCommand;
  'hsm.task.openParams': SweepCommand;
  'hsm.task.openSummary': SweepCommand;
  'hsm.task.openFolder': SweepCommand;
  'hsm.task.goToError': SweepCommand;
  'hsm.task.copyCommand': SweepCommand;
  'hsm.task.rerun': TaskCommand;
  'hsm.task.cancel': TaskCommand;
  'hsm.task.compare': TaskCommand;
  'hsm.task.openTerminal': SweepCommand;
  'hsm.task.debug': SweepCommand;
  'hsm.failure.next': Command;
  'hsm.failure.rerunGroup': SweepCommand;
  'hsm.failure.rerunGroupWith': SweepCommand;
  'hsm.task.rerunWith': SweepCommand;
  'hsm.source.add': Command;
  'hsm.source.connect': SourceCommand;
  'hsm.source.disconnect': SourceCommand;
  'hsm.source.retry': SourceCommand;
  'hsm.source.openTerminal': SourceCommand;
  'hsm.source.test': SourceCommand;
  'hsm.source.setSlots': SourceCommand;
  'hsm.sync.sync': SyncCommand;
  'hsm.sync.compare': SyncCommand;
  'hsm.sync.openAll': SyncCommand;
  'hsm.sync.openDiff': Command<[target?: SyncNode]>;
  'hsm.sync.push': SyncLinesCommand;
  'hsm.sync.pull': SyncLinesCommand;
  'hsm.sync.restore': SyncCommand;
  'hsm.sync.show': Command;
  'hsm.sync.pushPath': Command<[file?: vscode.Uri]>;
  'hsm.sync.pullPath': Command<[file?: vscode.Uri]>;
  'hsm.sync.comparePath': Command<[file?: vscode.Uri]>;
  'hsm.project.configure': Command;
  'hsm.log.show': Command;
  'hsm.log.showEarlier': Command;
  'hsm.file.openAt': Command<[place: FilePlace]>;
}

export type CommandId = keyof CommandHandlers;

export interface CommandRule {
  /** It runs the project's code or changes what runs, so it needs a workspace that the user trusts. */
  readonly needsTrust: boolean;
}

const TRUSTED: CommandRule = { needsTrust: true };
const ANYWHERE: CommandRule = { needsTrust: false };

/** Every command, and what it asks of the workspace. */
export const COMMANDS: Readonly<Record<CommandId, CommandRule>> = {
  'hsm.sweep.start': TRUSTED,
  'hsm.sweep.preview': ANYWHERE,
  'hsm.sweep.create': ANYWHERE,
  'hsm.sweep.pause': TRUSTED,
  'hsm.sweep.resume': TRUSTED,
  'hsm.sweep.stop': TRUSTED,
  'hsm.sweep.cancel': TRUSTED,
  'hsm.sweep.rerunFailed': TRUSTED,
  'hsm.sweep.rerunUnsuccessful': TRUSTED,
  'hsm.sweep.extend': TRUSTED,
  'hsm.sweep.openFolder': ANYWHERE,
  'hsm.sweep.showErrors': ANYWHERE,
  'hsm.sweep.showResults': ANYWHERE,
  'hsm.sweep.showResultsText': ANYWHERE,
  'hsm.sweep.copyId': ANYWHERE,
  'hsm.sweep.dismissFailures': ANYWHERE,
  'hsm.sweep.showActions': ANYWHERE,
  'hsm.group.showMore': ANYWHERE,
  'hsm.task.openStdout': ANYWHERE,
  'hsm.task.openStderr': ANYWHERE,
  'hsm.task.openParams': ANYWHERE,
  'hsm.task.openSummary': ANYWHERE,
  'hsm.task.openFolder': ANYWHERE,
  'hsm.task.goToError': ANYWHERE,
  'hsm.task.copyCommand': ANYWHERE,
  'hsm.task.rerun': TRUSTED,
  'hsm.task.cancel': TRUSTED,
  'hsm.task.compare': ANYWHERE,
  'hsm.task.openTerminal': TRUSTED,
  'hsm.task.debug': TRUSTED,
  'hsm.failure.next': ANYWHERE,
  'hsm.failure.rerunGroup': TRUSTED,
  'hsm.failure.rerunGroupWith': TRUSTED,
  'hsm.task.rerunWith': TRUSTED,
  'hsm.source.add': TRUSTED,
  'hsm.source.connect': TRUSTED,
  'hsm.source.disconnect': TRUSTED,
  'hsm.source.retry': TRUSTED,
  'hsm.source.openTerminal': TRUSTED,
  'hsm.source.test': TRUSTED,
  'hsm.source.setSlots': TRUSTED,
  'hsm.sync.sync': TRUSTED,
  'hsm.sync.compare': TRUSTED,
  'hsm.sync.openAll': TRUSTED,
  'hsm.sync.openDiff': TRUSTED,
  'hsm.sync.push': TRUSTED,
  'hsm.sync.pull': TRUSTED,
  'hsm.sync.restore': TRUSTED,
  'hsm.sync.show': ANYWHERE,
  'hsm.sync.pushPath': TRUSTED,
  'hsm.sync.pullPath': TRUSTED,
  'hsm.sync.comparePath': TRUSTED,
  'hsm.project.configure': ANYWHERE,
  'hsm.log.show': ANYWHERE,
  'hsm.log.showEarlier': ANYWHERE,
  'hsm.file.openAt': ANYWHERE,
};

export const COMMAND_IDS = Object.keys(COMMANDS) as readonly CommandId[];
