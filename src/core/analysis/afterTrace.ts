/** What a shell says of a program that a signal ended: `Aborted (core dumped)`, `x.sh: line 3:  4711 Killed   python …`. */
const OBITUARY =
  /^(?:\S+: (?:line )?\d+: +\d+ )?(?:Segmentation fault|Aborted|Killed|Bus error|Illegal instruction|Floating point exception|Trace\/breakpoint trap)\b/u;

// What is printed after a program's last words: by loggers of experiments, launchers, interpreters, progress bars.
const AFTERWORD =
  /^\s*(?:wandb:|COMET |neptune|srun: |slurmstepd: |(?:mpirun|mpiexec|prterun)\b|make(?:\[\d+\])?: \*\*\* |npm (?:ERR!|error)|ERROR conda\.cli\.main_run|Command exited with non-zero status|exit status \d|(?:real|user|sys)\s+\d|Set the environment variable HYDRA_FULL_ERROR=1|Exception ignored |\[?(?:rank\d+\]:)?\[W\d|Node\.js v\d|note: run with `RUST_BACKTRACE)|\bresource_tracker\b|\bwarnings\.warn\(/u;

// `2026-01-02 03:04:05,678 - INFO - `, `[12:00:01] `
const LOG_PREFIX = /^[\s[\]()\d:.,/TZ+-]*(?:INFO|DEBUG)?[\s:|\]-]*/u;
// ` 1: 0xb78db3 node::OOMErrorHandler(char const*) [node]`, `#1 0x55d in f`, `frame #3: c10::Error + 0x57`, `[n1:4711] [ 2] /lib/libc.so(+0x3c)`
const STACK = /^(?:#?\d+:? |frame #\d+|\[\S+:\d+\] +\[ ?\d+\]).*\b0x[0-9a-f]+|^-+ \w[\w ]* -+$/u;
const PROGRESS = /^(?:epoch|step|iter(?:ation)?|batch|round|episode|trial|fold)s?\W{0,3}\d/iu;

/** A program that printed more than this after an exception was not ended by it. */
const LAST_WORDS = 40;

/** A line in which a program tells how far it is: `Epoch 3/10`. A bar tells nothing: it is left behind when the program ends. */
export function isProgress(line: string): boolean {
  return PROGRESS.test(line.replace(LOG_PREFIX, '')) && !isProgressBar(line);
}

/** ` 45%|####      | 45/100 [00:03<00:04, 13.2it/s]`, with a name before it or not. */
export function isProgressBar(line: string): boolean {
  return /(?:^|\s)\d{1,3}%\s*[|[]|\d(?:it|s|B)\/(?:s|it)\b|[█━▏▎▍▌▋▊▉]{2}/u.test(line);
}

/** A line that others print when a program has ended, or that closes what it had begun; it tells no cause. */
export function isAfterword(line: string): boolean {
  return OBITUARY.test(line) || AFTERWORD.test(line) || isProgressBar(line);
}

/** A line that a program said on its way, as far as can be told: no stack, no quoted code, no further line of a message. */
export function isWord(line: string): boolean {
  return /^\S/u.test(line) && !isAfterword(line) && !STACK.test(line);
}

/**
 * Whether a program went on after an exception was printed, so that it cannot have ended by it.
 *
 * @param after - the lines after the exception's own one; the first of them may belong to its message
 */
export function wentOn(after: readonly string[]): boolean {
  const said = after.filter((line) => isWord(line) || isProgress(line));
  // All by itself such a line may be the message's own: `step 1200: loss=nan`.
  return said.length > LAST_WORDS || (said.length > 1 && said.some(isProgress));
}

/** Whether nothing that the program itself said follows an exception but further lines of its message, which are indented. */
export function isLastSaid(after: readonly string[]): boolean {
  const more = after.findIndex((line) => !/^\s+\S/u.test(line) || isProgress(line));
  return more < 0 || after.slice(more).every((line) => line.trim() === '' || isAfterword(line));
}
