import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TaskFailure } from '../../../src/core/analysis/failure';
import { readFailure } from '../../../src/core/analysis/readFailure';
import { failedTask } from '../../support/failedTask';
import { projectFiles } from '../../../src/adapters/files/projectFiles';

const AT_ONCE = 3;

/** A real program that fails, and the pattern that knows it. */
export interface ProvokedFailure {
  /** `nothing`: no pattern may claim to know it. */
  readonly id: string;
  /** Run in a folder of its own, which is the project. */
  readonly argv: readonly string[];
  /** Files of the folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Programs besides the one that is run. */
  readonly needs?: readonly string[];
  /** Line of the project that is to be found, as `file:line`. */
  readonly at?: string;
  /** What is told of it, in full. */
  readonly says?: string;
}

/** Provokes all of them, a few at a time, each in a folder of its own below `dir`. */
export async function provokeAll(
  dir: string,
  failures: readonly ProvokedFailure[],
): Promise<Map<ProvokedFailure, TaskFailure>> {
  const found = new Map<ProvokedFailure, TaskFailure>();
  for (let at = 0; at < failures.length; at += AT_ONCE) {
    const batch = failures.slice(at, at + AT_ONCE);
    const told = await Promise.all(batch.map((each, index) => provoke(join(dir, String(at + index)), each)));
    batch.forEach((each, index) => {
      const failure = told[index];
      if (failure) found.set(each, failure);
    });
  }
  return found;
}

/** Runs a program below a shell, as the runner does, and analyses what it left. */
async function provoke(dir: string, { argv, files = {} }: ProvokedFailure): Promise<TaskFailure> {
  const projectDir = join(dir, 'project');
  mkdirSync(projectDir, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(projectDir, name)), { recursive: true });
    writeFileSync(join(projectDir, name), text);
  }
  const [stdout, stderr] = ['stdout.log', 'stderr.log'].map((name) => join(dir, name));
  assert.ok(stdout !== undefined && stderr !== undefined);
  const child = spawn('sh', ['-c', '(exec "$@")', 'sh', ...argv], {
    cwd: projectDir,
    // Words that tests look for are English; nobody's proxy is asked.
    env: { PATH: process.env['PATH'], LC_ALL: 'C', no_proxy: '*', HOME: dir },
    stdio: ['ignore', openSync(stdout, 'w'), openSync(stderr, 'w')],
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  const task = failedTask({ exitCode, stdout, stderr });
  return readFailure({ files: projectFiles, join }, { task, dir, projectDir });
}

/** The pattern, the place and the words are those that were expected. */
export function checkProvoked({ id, at, says }: ProvokedFailure, failure: TaskFailure | undefined): void {
  const told = `exit code ${failure?.exitCode ?? '?'}\n${failure?.stderrTail.join('\n') ?? ''}`;
  if (id === 'nothing') assert.equal(failure?.explanation, undefined, told);
  else checkKnown(id, says, failure, told);
  if (at === undefined) return;
  const { localFile = '', line } = failure?.culprit ?? {};
  assert.equal(`${localFile.split('/').at(-1) ?? ''}:${line ?? ''}`, at, told);
}

function checkKnown(
  id: string,
  says: string | undefined,
  failure: TaskFailure | undefined,
  told: string,
): void {
  assert.equal(failure?.explanation?.pattern, id, told);
  assert.equal(failure.explanation.isOnlyRelated, undefined, told);
  if (says !== undefined) assert.equal(failure.explanation.explanation, says, told);
}
