import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { version } from '../package.json';
import { systemClock } from './adapters/clock/systemClock';
import { createLogger } from './cli/cliLogger';
import type { CommandContext } from './cli/commandContext';
import { reportError, reportInterrupted } from './cli/errorReport';
import { EXIT, type ExitCode } from './cli/exitCode';
import { Interrupts } from './cli/interrupts';
import { StreamOutput } from './cli/output';
import { buildProgram, type Invocation } from './cli/program';
import { askYesOrNo, refusingPrompts, terminalPrompts, type Terminal } from './cli/prompts/terminalPrompts';
import { findProjectDir, projectOfSweepDir } from './cli/projectDir';
import { NO_SECRETS } from './core/compute/connectionPrompts';
import { QueuedPrompts } from './core/compute/queuedPrompts';

const out = new StreamOutput(process.stdout, process.env);
const err = new StreamOutput(process.stderr, process.env);
const cwd = process.cwd();

/** The command line `hsm`: reads arguments, opens the project, runs one command, ends with its code. */
async function main(): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = buildProgram(version, async (invocation, handler) => {
    code = await perform(invocation, handler);
  });
  try {
    await program.parseAsync();
    await out.flush();
    return code;
  } catch (error) {
    // Commander has printed what is wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    return reportError(error, err, cwd, false);
  }
}

async function perform(
  { global, sweep, leavesItself, onlyLooks = false }: Invocation,
  handler: (context: CommandContext) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const verbose = global.verbose === true;
  const interrupts = new Interrupts(() => process.exit(EXIT.interrupted));
  try {
    const terminal = terminalHere(interrupts);
    const prompts = terminal ? terminalPrompts(terminal) : refusingPrompts(err);
    const { openProject } = await import('./openProject');
    const project = await openProject({
      projectDir: projectDirOf(global.project, sweep),
      log: createLogger(err, verbose),
      mode: 'view',
      user: { prompts: new QueuedPrompts(prompts), secrets: NO_SECRETS, mayAskUnasked: !onlyLooks },
    });
    const interrupted = interrupts.signal;
    const ask = terminal && {
      ask: (question: string) =>
        terminal.talk((show) => askYesOrNo(question, { ...terminal, show }, interrupted)),
    };
    const work = handler({ project, cwd, out, err, interrupted, clock: systemClock, ...ask });
    try {
      return await (leavesItself === true ? work : Promise.race([work, leftBy(interrupted)]));
    } finally {
      await project.close();
    }
  } catch (error) {
    return interrupts.signal.aborted
      ? reportInterrupted(error, err, cwd, verbose)
      : reportError(error, err, cwd, verbose);
  } finally {
    interrupts.dispose();
  }
}

/** The terminal to ask on: it takes one to type on and one to read from. */
function terminalHere(interrupts: Interrupts): Terminal | undefined {
  const { stdin } = process;
  if (!stdin.isTTY || !err.isTerminal) return undefined;
  return {
    keyboard: stdin,
    talk: (dialogue) => err.talk(dialogue),
    // At once, not by a signal: that would come after what the unanswered question led to.
    interrupt: interrupts.leave,
  };
}

function projectDirOf(named: string | undefined, sweep: string | undefined): string {
  if (named !== undefined) return resolve(cwd, named);
  const ofSweep = sweep === undefined ? undefined : projectOfSweepDir(resolve(cwd, sweep));
  return ofSweep ?? findProjectDir(cwd);
}

async function leftBy(signal: AbortSignal): Promise<ExitCode> {
  await new Promise<void>((resolve) => {
    const left = (): void => {
      resolve();
    };
    signal.addEventListener('abort', left);
    if (signal.aborted) left();
  });
  return EXIT.interrupted;
}

// A code of its own: 1 would say that tasks failed.
process.on('uncaughtException', (error) => {
  process.exit(reportError(error, err, cwd, process.argv.includes('--verbose')));
});

void main().then(async (code) => {
  await Promise.allSettled([out.flush(), err.flush()]);
  // Not by an empty event loop: a connection or a watcher that is still closing must not keep the user waiting.
  process.exit(code);
});
