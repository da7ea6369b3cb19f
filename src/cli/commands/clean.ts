import { formatBytes } from '../../core/base/formatBytes';
import type { CleanPlan } from '../../core/facade';
import type { CommandContext } from '../commandContext';
import { EXIT, type ExitCode } from '../exitCode';
import { toCleanJson } from '../jsonShapes';
import { formatCleanPlan } from '../text/cleanText';

export interface CleanFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `hsm clean NAME`: removes sweeps from a source whose results are all here, after showing which. */
export async function cleanSource(
  context: CommandContext,
  name: string,
  flags: CleanFlags,
): Promise<ExitCode> {
  const { project, out, err } = context;
  const plan = await project.cleanable(name);
  const sink = flags.json === true ? err : out;
  sink.print(...formatCleanPlan(plan));
  const isAgreed = plan.remove.length > 0 && (await isWanted(context, plan, flags));
  const done = isAgreed ? await project.clean(name, plan) : undefined;
  if (done) tellOutcome(context, plan, done, sink);
  if (flags.json === true) out.print(JSON.stringify(toCleanJson(plan, done)));
  return done && done.remove.length < plan.remove.length ? EXIT.sourceTrouble : EXIT.ok;
}

async function isWanted({ ask, err }: CommandContext, plan: CleanPlan, flags: CleanFlags): Promise<boolean> {
  if (flags.yes === true) return true;
  if (ask && flags.json !== true) return ask(`Remove them from ${plan.source}?`);
  err.print('Nothing was removed. Remove them with --yes.');
  return false;
}

function tellOutcome(
  { err }: CommandContext,
  plan: CleanPlan,
  done: CleanPlan,
  sink: CommandContext['out'],
): void {
  const bytes = done.remove.reduce((sum, each) => sum + each.bytes, 0);
  sink.print(`${plan.source}: removed ${countFolders(done.remove.length)}, ${formatBytes(bytes)}`);
  const planned = new Set(plan.remove.map(({ path }) => path));
  for (const { path, reason } of done.keep) {
    if (planned.has(path)) err.print(`${path} was not removed: ${reason}`);
  }
}

function countFolders(count: number): string {
  return count === 1 ? '1 folder' : `${count} folders`;
}
