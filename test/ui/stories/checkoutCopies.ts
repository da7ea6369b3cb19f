import { execFileSync } from 'node:child_process';

/** Puts a workspace under git and clones it to where the hosts of a story have their checkouts. */
export function cloneWorkspace(workspaceDir: string, ...checkouts: readonly string[]): void {
  const identity = ['-c', 'user.name=dana', '-c', 'user.email=dana@example.org'];
  execFileSync('git', ['init', '-q', '--template=', '-b', 'main'], { cwd: workspaceDir });
  execFileSync('git', ['add', '-A'], { cwd: workspaceDir });
  execFileSync('git', [...identity, 'commit', '-q', '-m', 'first'], { cwd: workspaceDir });
  for (const dir of checkouts) execFileSync('git', ['clone', '-q', '--template=', workspaceDir, dir]);
}
