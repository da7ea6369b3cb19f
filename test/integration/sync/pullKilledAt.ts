import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { reachSharedHost } from '../../support/sshd/sharedHost';
import type { Copies, Copy } from './copies';

/** A pull by a process that is killed before its nth change of the disk. Whether it lived to its end. */
export async function pullKilledAt(
  { here, there }: Copies,
  step: number,
  options: { readonly path?: string; readonly files?: readonly string[]; readonly folder?: string } = {},
): Promise<boolean> {
  const imports = ['tsx', './test/support/textModules.mjs'].flatMap((name) => ['--import', name]);
  const at = ({ dir }: Copy): string => join(dir, options.folder ?? '.');
  const program = resolve('test/integration/sync/killedPull.ts');
  const host = JSON.stringify(await reachSharedHost());
  const args = [...imports, program, host, at(here), at(there), String(step), ...(options.files ?? [])];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: `${options.path ?? ''}:${process.env['PATH'] ?? ''}` },
  });
  const [out, errors, [, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  assert.ok(out === 'done' || signal === 'SIGKILL', `it failed by itself: ${errors}`);
  return out === 'done';
}
