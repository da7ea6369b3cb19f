import type { TaskFiles } from '../results/taskFiles';
import { analyzeFailure, type FailureInput } from './analyzeFailure';
import type { TaskFailure } from './failure';
import { toProjectFile } from './projectFile';
import { sharedLook } from './systemInformation';

/** Bytes read from the end of each output: a traceback with its chain fits many times. */
const TAIL_BYTES = 128 * 1024;
/** So many other logs are looked at. */
const OTHER_LOGS = 5;
const OTHER_TAIL_BYTES = 16 * 1024;
const SYSTEM_BYTES = 64 * 1024;

/** Where a failure's evidence lies. */
export interface FailureFiles {
  readonly files: TaskFiles & { exists(path: string): Promise<boolean> };
  /** Joins paths of this machine. */
  readonly join: (...parts: readonly string[]) => string;
}

export type FailureQuestion = Omit<FailureInput, 'stderrTail' | 'stdoutTail' | 'otherLogs' | 'systemText'> & {
  /** The task's directory on this machine, absolute. */
  readonly dir: string;
  /** Other logs are wanted also where stderr and stdout say something. */
  readonly withOtherLogs?: boolean;
};

/**
 * {@link analyzeFailure} with the ends of the task's files; an absent file is taken for an empty one while the other is there. A place in the
 * project is told only when the file is there.
 *
 * @param known - which files of the project are there, as far as it was looked; what is found out is added
 */
export async function readFailure(
  { files, join }: FailureFiles,
  { dir, withOtherLogs = false, ...question }: FailureQuestion,
  known = new Map<string, boolean>(),
): Promise<TaskFailure> {
  const { task } = question;
  const [stderr, stdout, systemText] = await Promise.all([
    files.readTail(task.stderr, TAIL_BYTES),
    files.readTail(task.stdout, TAIL_BYTES),
    readSystem({ files, join }, dir, task.attempt),
  ]);
  const [stderrTail, stdoutTail] = [stderr ?? '', stdout ?? ''];
  const isSilent = stderrTail.trim() === '' && stdoutTail.trim() === '';
  const otherLogs = isSilent || withOtherLogs ? await readOtherLogs({ files, join }, dir, task) : [];
  const unknown = new Set<string>();
  const input: FailureInput = {
    ...question,
    stderrTail,
    stdoutTail,
    otherLogs,
    // What a task on another machine wrote may still be on its way.
    isOutputHere: stderr !== undefined || stdout !== undefined,
    ...(systemText === undefined ? {} : { systemText }),
    toLocalFile: (path) => existing(localFileOf(question, path), known, unknown),
  };
  const failure = analyzeFailure(input);
  if (unknown.size === 0) return failure;
  await Promise.all([...unknown].map(async (file) => known.set(file, await files.exists(file))));
  return [...unknown].every((file) => known.get(file)) ? failure : analyzeFailure(input);
}

function localFileOf(
  question: Omit<FailureQuestion, 'dir' | 'withOtherLogs'>,
  path: string,
): string | undefined {
  if (question.toLocalFile) return question.toLocalFile(path);
  return toProjectFile(path, question.projectDir, question.projectAliases);
}

/** A file that was not looked for yet counts as there, and is noted. */
function existing(
  file: string | undefined,
  known: ReadonlyMap<string, boolean>,
  unknown: Set<string>,
): string | undefined {
  if (file === undefined) return undefined;
  const isThere = known.get(file);
  if (isThere === undefined) unknown.add(file);
  return isThere === false ? undefined : file;
}

/** What the runner wrote of the machine: a file, or, where it had taken a look just before, a part of the attempt's record. */
async function readSystem(
  { files, join }: FailureFiles,
  dir: string,
  attempt: number,
): Promise<string | undefined> {
  const text = await files.readText(join(dir, 'failure.txt'), SYSTEM_BYTES);
  // A machine may have told of an earlier attempt; the words are then about another moment.
  if (text !== undefined && isOfAttempt(text, attempt)) return text;
  const records = await files.readTail(join(dir, 'attempts.jsonl'), SYSTEM_BYTES);
  return records === undefined ? undefined : sharedLook(records, attempt);
}

/** The first line names the attempt that it was taken for: `== attempt 2`. */
function isOfAttempt(text: string, attempt: number): boolean {
  const [, number] = /^== attempt (\d+)\n/u.exec(text) ?? [];
  return number === undefined || Number(number) === attempt;
}

async function readOtherLogs(
  { files, join }: FailureFiles,
  dir: string,
  task: { readonly stdout: string; readonly stderr: string },
): Promise<{ file: string; tail: string }[]> {
  const names = [...(await files.list(dir))].filter(isLog).sort();
  const logs = names
    .map((name) => join(dir, name))
    .filter((file) => ![task.stdout, task.stderr].includes(file));
  const read = logs.slice(0, OTHER_LOGS).map(async (file) => {
    const tail = await files.readTail(file, OTHER_TAIL_BYTES);
    return tail === undefined || tail.trim() === '' ? [] : [{ file, tail }];
  });
  return (await Promise.all(read)).flat();
}

/** Not the output of an earlier attempt. */
function isLog(name: string): boolean {
  return /\.(?:log|err|out)$/u.test(name) && !/\.attempt\d+\.log$/u.test(name);
}
