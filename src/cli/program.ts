import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../core/sweep/duration';
import type { CommandContext } from './commandContext';
import type { ExitCode } from './exitCode';
import type { CarryOptions } from './carryThrough';
import type { CleanFlags } from './commands/clean';
import type { ExpandFlags } from './commands/expand';
import type { LogFlags } from './commands/logs';
import type { RerunFlags } from './commands/rerun';
import type { ResultFlags } from './commands/results';
import type { RunFlags } from './commands/run';
import type { JsonFlag } from './commands/status';
import type { SyncFlags } from './commands/sync';

/** Options that every command takes. */
export interface GlobalFlags {
  readonly project?: string;
  readonly verbose?: boolean;
}

/** What a command asks of the program around it. */
export interface Invocation {
  readonly global: GlobalFlags;
  /** What the user typed for a sweep, if the command takes one: a directory tells the project too. */
  readonly sweep?: string;
  /** The first Ctrl-C is for the command, which then leaves in its own way; else it ends the command. */
  readonly leavesItself?: boolean;
  /** It looks at whatever is there: the user did not name a host, and is asked nothing for one. */
  readonly onlyLooks?: boolean;
}

export type Perform = (
  invocation: Invocation,
  handler: (context: CommandContext) => ExitCode | Promise<ExitCode>,
) => Promise<void>;

const EXAMPLES = `
A SWEEP is an id, the beginning of one, a sweep directory, or "last".

Examples:
  hsm check                        what is wrong in the project's sweep files
  hsm expand sweeps/lr.yaml        the tasks that a sweep file makes
  hsm run sweeps/lr.yaml           run them here and watch
  hsm run sweeps/lr.yaml --detach  run them here without staying
  hsm status last                  how the newest sweep gets on
  hsm errors last                  why its tasks failed
  hsm rerun last --failed          run the failed ones again
  hsm results last --csv           parameters and metrics as a table
  hsm sync check --source gpubox   how the copy of the project on a host differs

Exit codes: 0 all well, 1 tasks failed or not in sync, 2 bad input, 3 a compute source failed,
130 interrupted (tasks go on), 70 internal error.`;

const RERUN_HELP = `
What is changed holds for these tasks from now on, also when they are run again later. A source that the sweep did not
use before joins it for these tasks alone.

Examples:
  hsm rerun last --group 1 --time-limit 2h    the most frequent failure again, with more time
  hsm rerun last --failed --source bigbox     what failed, on a larger machine
  hsm rerun last --group 2 --slots 2          fewer at one time, so that each has more memory`;

/** The whole command line, as one table. Handlers are loaded when they are called: `hsm --version` loads none. */
export function buildProgram(version: string, perform: Perform): Command {
  const program = new Command('hsm')
    // Before any command is added: they take this over when they are made.
    .exitOverride()
    .description('Runs hyperparameter sweeps, and tells what became of every task.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .option('--project <dir>', 'the project (default: the nearest folder upwards with .hsm, sweeps or .git)')
    .option('-v, --verbose', 'log what is done to standard error')
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES);
  const global = (): GlobalFlags => program.opts<GlobalFlags>();
  addFileCommands(program, global, perform);
  addFollowCommands(program, global, perform);
  addVerbs(program, global, perform);
  addQueries(program, global, perform);
  addSources(program, global, perform);
  addSync(program, global, perform);
  return program;
}

type Globals = () => GlobalFlags;

/** About sweep files: nothing is started. */
function addFileCommands(program: Command, global: Globals, perform: Perform): void {
  program
    .command('expand <file>')
    .description('print the tasks of a sweep file, one per line: number, name, parameters, command')
    .option('--json', 'one JSON object per line')
    .option('--count', 'only how many there are')
    .option('--limit <n>', 'at most so many', wholeNumber)
    .action((file: string, flags: ExpandFlags) =>
      perform({ global: global() }, async (context) =>
        (await import('./commands/expand')).expandSweepFile(context, file, flags),
      ),
    );
  program
    .command('check [files...]')
    .description('tell what is wrong in sweep files and configuration (default: those of the project)')
    .option('--json', 'as JSON')
    .action((files: readonly string[], flags: JsonFlag) =>
      perform({ global: global() }, async (context) =>
        (await import('./commands/check')).checkFiles(context, files, flags),
      ),
    );
}

/** Commands that drive a sweep to its end; Ctrl-C leaves it to itself. */
function addFollowCommands(program: Command, global: Globals, perform: Perform): void {
  const follow = (sweep?: string): Invocation => ({
    global: global(),
    leavesItself: true,
    ...(sweep === undefined ? {} : { sweep }),
  });
  const detach = new Option('--detach', 'hand the tasks over and leave');
  const json = new Option('--json', 'print the outcome as JSON');
  program
    .command('run <file>')
    .description('start a sweep and follow it; Ctrl-C leaves it running')
    .option('--source <name>', 'run on this compute source; may be given several times', collect)
    .option('--slots <n>', 'tasks at one time on each compute source', positiveNumber)
    .option('--max-tasks <n>', 'run only the first so many tasks', positiveNumber)
    .addOption(
      new Option(
        '--sync <what>',
        'a checkout that is out of sync: push to it first, or run what is there',
      ).choices(['push', 'skip']),
    )
    .option('--yes', 'allow more tasks than the configured limit')
    .addOption(detach)
    .addOption(json)
    .action((file: string, flags: RunFlags) =>
      perform(follow(), async (context) =>
        (await import('./commands/run')).runSweepFile(context, file, flags),
      ),
    );
  program
    .command('attach <sweep>')
    .description('follow a sweep, and drive it on when nobody does')
    .addOption(json)
    .action((sweep: string, flags: CarryOptions) =>
      perform(follow(sweep), async (context) =>
        (await import('./commands/attach')).attachSweep(context, sweep, flags),
      ),
    );
  program
    .command('rerun <sweep>')
    .description('run tasks again under their numbers; without options all that did not succeed')
    .option('--failed', 'only those that failed or are lost, not the cancelled ones')
    .addOption(new Option('--tasks <list>', 'only these, whatever became of them: 3,7-9').conflicts('failed'))
    .addOption(
      new Option('--group <n>', 'only those of one cause, by its number in hsm errors')
        .argParser(positiveNumber)
        .conflicts(['failed', 'tasks']),
    )
    .option('--source <name>', 'on this compute source alone; may be given several times', collect)
    .addOption(
      new Option('--time-limit <time>', 'end each after this time: 2h, 90m, 1-12:00:00, unlimited').argParser(
        timeLimit,
      ),
    )
    .option('--memory <amount>', 'memory of each, from a source with a scheduler: 32G')
    .option('--slots <n>', 'so many at one time on each of these sources, from now on', positiveNumber)
    .addOption(
      new Option(
        '--sync <what>',
        'with --source: a checkout that is out of sync: push to it first, or run what is there',
      ).choices(['push', 'skip']),
    )
    .addHelpText('after', RERUN_HELP)
    .addOption(detach)
    .addOption(json)
    .action((sweep: string, flags: RerunFlags) =>
      perform(follow(sweep), async (context) =>
        (await import('./commands/rerun')).rerunTasks(context, sweep, flags),
      ),
    );
  program
    .command('extend <sweep>')
    .description('add and run the combinations that the sweep file gained since')
    .addOption(detach)
    .addOption(json)
    .action((sweep: string, flags: CarryOptions) =>
      perform(follow(sweep), async (context) =>
        (await import('./commands/extend')).extendSweep(context, sweep, flags),
      ),
    );
}

/** Verbs on a sweep, whoever drives it. */
function addVerbs(program: Command, global: Globals, perform: Perform): void {
  const onSweep = (sweep: string): Invocation => ({ global: global(), sweep, leavesItself: true });
  program
    .command('pause <sweep>')
    .description('start no new tasks; those that run go on')
    .action((sweep: string) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/verbs')).pauseSweep(context, sweep),
      ),
    );
  program
    .command('resume <sweep>')
    .description('start tasks again after a pause')
    .action((sweep: string) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/verbs')).resumeSweep(context, sweep),
      ),
    );
  program
    .command('stop <sweep>')
    .description('start no more tasks; those that run come to their end')
    .action((sweep: string) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/verbs')).stopSweep(context, sweep),
      ),
    );
  program
    .command('cancel <sweep>')
    .description('end running tasks and drop the rest')
    .option('--tasks <list>', 'only these: 3,7-9')
    .action((sweep: string, flags: { readonly tasks?: string }) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/verbs')).cancelSweep(context, sweep, flags),
      ),
    );
  program
    .command('slots <sweep> <source>')
    .argument('<n>', 'tasks at one time', wholeNumber)
    .description('change how many tasks a source runs at one time')
    .action((sweep: string, source: string, slots: number) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/verbs')).setSweepSlots(context, sweep, source, slots),
      ),
    );
}

/** What became of sweeps. */
function addQueries(program: Command, global: Globals, perform: Perform): void {
  const onSweep = (sweep?: string): Invocation => ({
    global: global(),
    ...(sweep === undefined ? {} : { sweep }),
  });
  program
    .command('status [sweep]')
    .description('all sweeps, or one with its tasks')
    .option('--json', 'as JSON')
    .action((sweep: string | undefined, flags: JsonFlag) =>
      perform({ ...onSweep(sweep), ...(sweep === undefined && { onlyLooks: true }) }, async (context) =>
        (await import('./commands/status')).showStatus(context, sweep, flags),
      ),
    );
  program
    .command('logs <sweep> <task>')
    .description('what a task wrote')
    .option('--stderr', 'its standard error, not its standard output')
    .option('-f, --follow', 'go on until the task has ended')
    .action((sweep: string, task: string, flags: LogFlags) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/logs')).showLog(context, sweep, task, flags),
      ),
    );
  program
    .command('errors <sweep> [task]')
    .description('failures by cause, or one failure in full')
    .option('--json', 'as JSON')
    .action((sweep: string, task: string | undefined, flags: JsonFlag) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/errors')).showErrors(context, sweep, task, flags),
      ),
    );
  program
    .command('results <sweep>')
    .description('parameters and metrics of all tasks')
    .option('--filter <expression>', 'only these tasks, e.g. "lr < 0.01 and state == succeeded"')
    .option('--sort <column>', 'in the order of a column; with ":desc" the largest first')
    .addOption(new Option('--columns <names>', 'only these columns, separated by commas').argParser(nameList))
    .addOption(
      new Option('--average-over <names>', 'mean and deviation over these parameters, e.g. seed').argParser(
        nameList,
      ),
    )
    .addOption(
      new Option('--value <which>', 'of metrics by step the last, smallest or largest value').choices([
        'last',
        'min',
        'max',
      ]),
    )
    .addOption(new Option('--limit <count>', 'at most so many tasks').argParser(positiveNumber))
    .option('--csv', 'as CSV')
    .addOption(new Option('--json', 'as JSON').conflicts('csv'))
    .action((sweep: string, flags: ResultFlags) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/results')).showResults(context, sweep, flags),
      ),
    );
  program
    .command('collect <sweep>')
    .description('bring home what the sources have of tasks that ended')
    .option('--json', 'as JSON')
    .action((sweep: string, flags: JsonFlag) =>
      perform(onSweep(sweep), async (context) =>
        (await import('./commands/collect')).collectSweep(context, sweep, flags),
      ),
    );
}

function addSources(program: Command, global: Globals, perform: Perform): void {
  const sources = program
    .command('sources')
    .description('the compute sources that are configured')
    .option('--json', 'as JSON')
    .action((flags: JsonFlag) =>
      perform({ global: global() }, async (context) =>
        (await import('./commands/sources')).listSources(context, flags),
      ),
    );
  sources
    .command('test <name>')
    .description('tell whether tasks could run on a source now')
    .option('--json', 'as JSON')
    .action((name: string, _flags: JsonFlag, command: Command) =>
      perform({ global: global() }, async (context) =>
        (await import('./commands/sources')).testSource(context, name, command.optsWithGlobals<JsonFlag>()),
      ),
    );
  program
    .command('clean <source>')
    .description('remove sweeps from a source whose results are all here, after showing which')
    .option('--yes', 'without a question')
    .option('--json', 'as JSON; removes only with --yes')
    .action((source: string, flags: CleanFlags) =>
      perform({ global: global() }, async (context) =>
        (await import('./commands/clean')).cleanSource(context, source, flags),
      ),
    );
}

/** The copy of the project on a host. */
function addSync(program: Command, global: Globals, perform: Perform): void {
  const sync = program
    .command('sync')
    .description('keep your copy of the project on a host in step: compare, push, pull, restore');
  const source = new Option('--source <name>', 'the source with the checkout; needed when there are several');
  const files = new Option(
    '--files <paths...>',
    'only these files, and of these folders what goes that way by itself',
  );
  const commits = new Option('--commits', 'with --files: the commits too');
  const deletes = new Option('--deletes', 'what was deleted goes too, of --files or of everything');
  const yes = new Option('--yes', 'replace and delete what is asked about; backups are kept');
  const json = new Option('--json', 'as JSON');
  sync
    .command('check')
    .description('tell how workspace and checkout differ; exit code 1 when they do')
    .addOption(source)
    .addOption(json)
    .action((flags: SyncFlags) =>
      perform({ global: global() }, async (context) =>
        (await import('./commands/sync')).checkSync(context, flags),
      ),
    );
  for (const direction of ['push', 'pull'] as const) {
    sync
      .command(direction)
      .description(
        direction === 'push'
          ? 'bring what was changed here to the checkout; deletes and conflicts only when named'
          : 'bring what was changed in the checkout here; deletes and conflicts only when named',
      )
      .addOption(source)
      .addOption(files)
      .addOption(commits)
      .addOption(deletes)
      .addOption(yes)
      .addOption(json)
      .action((flags: SyncFlags) =>
        // What gives way to Ctrl-C, and what goes on to its end, is known there.
        perform({ global: global(), leavesItself: true }, async (context) =>
          (await import('./commands/sync')).transferSync(context, direction, flags),
        ),
      );
  }
  sync
    .command('restore [backup]')
    .description('put back what a sync replaced or deleted; without a backup, list them')
    .addOption(source)
    .addOption(files)
    .addOption(yes)
    .addOption(json)
    .action((backup: string | undefined, flags: SyncFlags) =>
      perform({ global: global() }, async (context) =>
        (await import('./commands/sync')).restoreSync(context, backup, flags),
      ),
    );
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function nameList(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/u.test(text)) return Number(text);
  throw new InvalidArgumentError('A whole number is wanted.');
}

/** Seconds; null: none. */
function timeLimit(text: string): number | null {
  const duration = parseDuration(text);
  if (duration.kind === 'unreadable') throw new InvalidArgumentError(`${duration.reason} ${duration.hint}`);
  return duration.kind === 'unlimited' ? null : duration.seconds;
}

function positiveNumber(text: string): number {
  const number = wholeNumber(text);
  if (number > 0) return number;
  throw new InvalidArgumentError('A whole number from 1 is wanted.');
}
