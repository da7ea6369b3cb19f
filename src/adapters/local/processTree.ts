import { spawn, type ChildProcess } from 'node:child_process';

/** Whether a process, or where there are process groups one of the group that it led, lives. */
export function isAlive(pid: number): boolean {
  return hasProcess(process.platform === 'win32' ? pid : -pid);
}

/**
 * Ends a process that was started detached, with its children. On Windows there is no asking: it is ended at once.
 *
 * @param how - `ask`: SIGTERM; `force`: SIGKILL
 */
export function endTree(pid: number, how: 'ask' | 'force'): void {
  if (process.platform === 'win32') {
    endTreeOnWindows(pid);
    return;
  }
  try {
    process.kill(-pid, how === 'ask' ? 'SIGTERM' : 'SIGKILL');
  } catch (error) {
    if (!isCode(error, 'ESRCH')) throw error;
  }
}

/** `taskkill /T` follows the parent numbers, so it must run while the parent lives. */
function endTreeOnWindows(pid: number): ChildProcess {
  const killer = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
  // It fails when the process has ended meanwhile, which is what was wanted.
  return killer.on('error', () => undefined);
}

function hasProcess(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as somebody else's.
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
