import { HsmError } from '../../core/base/errors';
import type { Comparison } from '../../core/sync/comparison';
import { ProjectSyncError } from '../../core/sync/projectSyncError';
import type { SyncChoice, SyncReport } from '../../core/sync/syncFacade';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toBackupJson, toComparisonJson, toSyncReportJson } from '../jsonShapes';
import { formatBackups, formatComparison, formatReport } from '../text/syncText';

export interface SyncFlags {
  readonly source?: string;
  /** Paths, or folders for everything below them. */
  readonly files?: readonly string[];
  readonly commits?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `hsm sync check`: how workspace and checkout stand. */
export async function checkSync(context: CommandContext, flags: SyncFlags): Promise<ExitCode> {
  const { project, out, interrupted } = context;
  const comparison = await project.sync.compare(sourceOf(context, flags), interrupted);
  if (flags.json === true) out.print(JSON.stringify(toComparisonJson(comparison)));
  else out.print(...formatComparison(comparison));
  return comparison.inSync ? EXIT.ok : EXIT.notInSync;
}

/** `hsm sync push` and `hsm sync pull`. */
export async function transferSync(
  context: CommandContext,
  direction: 'push' | 'pull',
  flags: SyncFlags,
): Promise<ExitCode> {
  const { project, out, interrupted } = context;
  const source = sourceOf(context, flags);
  const shown = await project.sync.compare(source, interrupted);
  const choice = choiceOf(flags, shown);
  const transfer = (confirmed: boolean): Promise<SyncReport> =>
    project.sync[direction](source, choice, { confirmed, shown, signal: interrupted });
  const report = await transferWithWord(context, flags, transfer);
  if (flags.json === true) out.print(JSON.stringify(toSyncReportJson(report)));
  else out.print(...formatReport(report));
  const didNothing = report.commits + report.written.length + report.deleted.length === 0;
  return didNothing && !report.comparison.inSync ? EXIT.notInSync : EXIT.ok;
}

/** `hsm sync restore [BACKUP]`: puts back what a sync replaced; without a backup, lists them. */
export async function restoreSync(
  context: CommandContext,
  id: string | undefined,
  flags: SyncFlags,
): Promise<ExitCode> {
  const { project, out, interrupted: signal } = context;
  const source = sourceOf(context, flags);
  const backups = await project.sync.backups(source, signal);
  if (id === undefined) {
    if (flags.json === true) out.print(JSON.stringify(backups.map(toBackupJson)));
    else out.print(...formatBackups(backups));
    return EXIT.ok;
  }
  const backup = backups.find((each) => each.id === id);
  if (!backup) {
    throw new HsmError('input.invalid', `${source} has no backup ${id}.`, {
      hint: `List them with hsm sync restore --source ${source}.`,
    });
  }
  const { files } = flags;
  const restored = await project.sync.restore(source, backup, { signal, ...(files && { files }) });
  if (flags.json === true) out.print(JSON.stringify({ source, backup: id, restored }));
  else out.print(`${source}: put back ${restored.join(', ')}`);
  return EXIT.ok;
}

/** Does what is safe at once; what is not only after a yes. */
async function transferWithWord(
  { ask, err }: CommandContext,
  { yes, json }: SyncFlags,
  transfer: (confirmed: boolean) => Promise<SyncReport>,
): Promise<SyncReport> {
  try {
    return await transfer(yes === true);
  } catch (error) {
    if (!(error instanceof ProjectSyncError) || !error.details.reasons.every(({ blocks }) => !blocks))
      throw error;
    if (error.details.reasons.length === 0) throw error;
    if (ask && json !== true) {
      err.print(...error.details.reasons.map(({ text }) => text));
      if (await ask('Do it all the same?')) return transfer(true);
    }
    err.print('With --yes it is done, and what is replaced is kept as a backup.');
    throw error;
  }
}

/** The only checkout need not be named. */
function sourceOf({ project }: CommandContext, { source }: SyncFlags): string {
  if (source !== undefined) return source;
  const names = project.sync.remotes().map((remote) => remote.source);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new HsmError('input.invalid', 'Name the source whose checkout is meant, with --source.', {
    hint:
      names.length > 0
        ? `Sources with a checkout: ${names.join(', ')}.`
        : 'No source has a checkout: add `checkout:` to one in .hsm/config.yaml.',
  });
}

function choiceOf({ files, commits }: SyncFlags, comparison: Comparison): SyncChoice {
  if (!files) return commits === undefined ? {} : { commits };
  const chosen = files.flatMap((name) => {
    const path = name.replace(/^\.\//, '').replace(/\/$/, '');
    const below = comparison.files.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
    if (below.length > 0) return below.map((file) => file.path);
    throw new HsmError('input.invalid', `${name} does not differ between workspace and checkout.`, {
      hint: 'hsm sync check lists what differs.',
    });
  });
  return { files: [...new Set(chosen)], ...(commits !== undefined && { commits }) };
}
