import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskFailure } from '../../../src/core/analysis/failure';
import { readFailure } from '../../../src/core/analysis/readFailure';
import { signalOf } from '../../../src/core/compute/exitCode';
import { projectFiles } from '../../../src/adapters/files/projectFiles';
import { findCommand } from '../../support/requirement';
import { makeTempDir } from '../../support/tempDir';
import { PROVOKED_FAILURES, type ProvokedFailure } from './provokedFailures';

const AT_ONCE = 3;

/** Runs a program below a shell, as the runner does, and analyses what it left. */
async function provoke(dir: string, { argv, files = {} }: ProvokedFailure): Promise<TaskFailure> {
  const projectDir = join(dir, 'project');
  mkdirSync(projectDir, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(projectDir, name), text);
  const [stdout, stderr] = ['stdout.log', 'stderr.log'].map((name) => join(dir, name));
  assert.ok(stdout !== undefined && stderr !== undefined);
  const child = spawn('sh', ['-c', '(exec "$@")', 'sh', ...argv], {
    cwd: projectDir,
    // Words that tests look for are English; nobody's proxy is asked.
    env: { PATH: process.env['PATH'], LC_ALL: 'C', no_proxy: '*', HOME: dir },
    stdio: ['ignore', openSync(stdout, 'w'), openSync(stderr, 'w')],
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  const signal = signalOf(exitCode);
  const task = {
    number: 1,
    name: 'task_0001',
    state: 'failed' as const,
    attempt: 1,
    exitCode,
    stdout,
    stderr,
    ...(signal === undefined ? {} : { signal }),
  };
  return readFailure({ files: projectFiles, join }, { task, dir, projectDir });
}

/** A program that this machine lacks provokes nothing. */
function canRun({ argv, files = {} }: ProvokedFailure): boolean {
  const needed = [
    argv[0] ?? '',
    ...('t.c' in files ? ['gcc'] : []),
    ...(argv[2]?.startsWith('git ') ? ['git'] : []),
  ];
  const isLinux = process.platform === 'linux' && existsSync('/proc/self/mem');
  return isLinux && needed.every((name) => name.startsWith('no_such') || findCommand(name) !== undefined);
}

describe('failures of real programs', function () {
  this.timeout(120_000);
  const provoked = PROVOKED_FAILURES.filter(canRun);
  const found = new Map<ProvokedFailure, TaskFailure>();
  const dir = makeTempDir();

  before(async () => {
    for (let at = 0; at < provoked.length; at += AT_ONCE) {
      const batch = provoked.slice(at, at + AT_ONCE);
      const failures = await Promise.all(
        batch.map((each, index) => provoke(join(dir.path, String(at + index)), each)),
      );
      batch.forEach((each, index) => {
        const failure = failures[index];
        if (failure) found.set(each, failure);
      });
    }
  });

  after(() => {
    dir.dispose();
  });

  for (const each of provoked) {
    it(`are known: ${each.id} by ${each.argv.join(' ').slice(0, 60)}`, () => {
      const failure = found.get(each);
      const told = `exit code ${failure?.exitCode ?? '?'}\n${failure?.stderrTail.join('\n') ?? ''}`;
      assert.equal(failure?.explanation?.pattern, each.id, told);
      if (each.at === undefined) return;
      const { localFile = '', line } = failure.culprit ?? {};
      assert.equal(`${localFile.split('/').at(-1) ?? ''}:${line ?? ''}`, each.at, told);
    });
  }
});
