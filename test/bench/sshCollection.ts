import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TransferMethod } from '../../src/adapters/transfer/transfer';
import { bundleProgram } from './bundle';
import type { Bench, Contender } from './contender';
import { measureCommand } from './measureCommand';
import { SshBenchHost } from './sshBenchHost';
import { far } from './sshTasks';
import { benchRoot, withWorkDir } from './workDir';

/** What is to be brought home: many small files, or one large one. */
export type Load = { readonly files: number } | { readonly mebibytes: number };

const FILES_OF_A_TASK = 10;

/** Brings results home from a host over SSH in several ways, into an empty directory. */
export async function sshCollectionBench(load: Load, latencyMs: number): Promise<Bench> {
  const host = await SshBenchHost.start(latencyMs);
  const dir = mkdtempSync(join(benchRoot(), 'hsm-bench-'));
  const names = makeResults(dir, load);
  const program = await bundleProgram('transferProgram.ts');
  const product = (name: string, note: string, compares: boolean, method?: TransferMethod): Contender => ({
    name,
    note,
    units: 1,
    run: () =>
      withWorkDir(async (into) => {
        const order = {
          host: host.reachable,
          ...(method && { method }),
          remoteDir: dir,
          localDir: join(into, 'tasks'),
          compares,
        };
        const { output, ...measure } = await measureCommand(['node', program, JSON.stringify(order)], into);
        const told = JSON.parse(output) as { wallMs: number; files: number; differences: number };
        if (told.files !== names || told.differences > 0) throw new Error(`not all came: ${output}`);
        return { ...measure, wallMs: told.wallMs };
      }),
  });
  const command = (name: string, note: string, line: string): Contender => ({
    name,
    note,
    units: 1,
    run: () =>
      withWorkDir(async (into) => {
        const measure = await measureCommand(['sh', '-c', line], into);
        const came = (await readdir(into, { recursive: true, withFileTypes: true })).filter((each) =>
          each.isFile(),
        );
        if (came.length !== names) throw new Error(`${came.length} of ${names} files came`);
        return measure;
      }),
  });
  const ssh = host.ssh(true);
  return {
    name: `collecting ${describe(load)} over SSH${far(latencyMs)}`,
    unit: 'collection',
    contenders: [
      {
        ...command(
          '`rsync -rt -e ssh`',
          'a new connection',
          `rsync -rt -e '${host.ssh(false)}' box:${dir}/ .`,
        ),
        isReference: true,
      },
      command(
        '`rsync -rt -e ssh`, ControlMaster',
        'a connection that is there',
        `rsync -rt -e '${ssh}' box:${dir}/ .`,
      ),
      command(
        '`tar` through `ssh`, ControlMaster',
        'a connection that is there',
        `${ssh} box tar -C ${dir} -cf - . | tar -xf -`,
      ),
      product(
        'the product',
        'a connection that is there; as at the end of a sweep: lists first, brings through a private directory, hashes all files on both sides, flushes them to the disk',
        true,
      ),
      product('the product, not compared', 'as while a sweep runs', false),
      product('the product, by rsync, not compared', 'as it goes on with a large file', false, 'rsync'),
    ],
    missing: [],
    dispose: () => {
      host.dispose();
      rmSync(dir, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

function describe(load: Load): string {
  return 'files' in load
    ? `${load.files.toLocaleString('en')} small files`
    : `one file of ${load.mebibytes} MiB`;
}

/** @returns how many files there are */
function makeResults(dir: string, load: Load): number {
  if ('mebibytes' in load) {
    execFileSync('sh', [
      '-c',
      `head -c ${load.mebibytes * 1024 * 1024} /dev/urandom >"$1"`,
      'sh',
      join(dir, 'model.bin'),
    ]);
    return 1;
  }
  for (let task = 0; task < load.files / FILES_OF_A_TASK; task += 1) {
    const taskDir = join(dir, `task_${task}`);
    mkdirSync(taskDir);
    for (let file = 0; file < FILES_OF_A_TASK; file += 1)
      writeFileSync(join(taskDir, `metrics_${file}.csv`), `step,loss\n${task},${file}\n`.repeat(40));
  }
  return load.files;
}
