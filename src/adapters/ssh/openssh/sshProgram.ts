import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Before PATH, which a project's tools may have changed. */
const USUAL_PLACES = ['/usr/bin/ssh', '/usr/local/bin/ssh', '/opt/homebrew/bin/ssh', '/bin/ssh'];

/** The system's `ssh`. Undefined: there is none, or none that can share a connection (Windows). */
export function findSsh(env: NodeJS.ProcessEnv): string | undefined {
  if (process.platform === 'win32') return undefined;
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((dir) => isAbsolute(dir));
  return [...USUAL_PLACES, ...onPath.map((dir) => join(dir, 'ssh'))].find(isExecutable);
}

/** What a short call of `ssh` told. */
export interface SshAnswer {
  readonly exitCode: number | undefined;
  readonly stderr: string;
}

/** Runs `ssh` for a question to a control socket. Never rejects. */
export function askSsh(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<SshAnswer> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { env, timeout: 10_000 }, (error, _stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      resolve({ exitCode: typeof code === 'number' ? code : undefined, stderr });
    });
    child.stdin?.end();
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
