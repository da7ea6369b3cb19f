import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { askSsh } from './sshProgram';

const SUFFIX = '.hsm-no-such-socket';

/**
 * The socket of a connection to the host that the user has open already (`ControlPath`), and that answers.
 *
 * Only ssh knows what the tokens of a ControlPath stand for, and it tells no more than the path where nobody answers:
 * so it is asked about one.
 */
export async function findUsersMaster(
  program: string,
  args: readonly string[],
  destination: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const template = await controlPath(program, [...args, '-G', '--', destination], env);
  if (template === undefined) return undefined;
  const elsewhere = ['-o', `ControlPath="${template}${SUFFIX}"`, '-O', 'check', '--', destination];
  const { stderr } = await askSsh(program, [...args, ...elsewhere], env);
  const path = /Control socket connect\((.+)\): /.exec(stderr)?.[1];
  if (path?.endsWith(SUFFIX) !== true) return undefined;
  const socket = path.slice(0, -SUFFIX.length);
  const check = await askSsh(
    program,
    ['-F', '/dev/null', '-S', socket, '-O', 'check', '--', destination],
    env,
  );
  return check.exitCode === 0 ? socket : undefined;
}

async function controlPath(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { env, timeout: 10_000 });
    const path = /^controlpath (.+)$/m.exec(stdout)?.[1];
    return path === 'none' ? undefined : path;
  } catch {
    // A configuration that ssh refuses is told by the connection itself.
    return undefined;
  }
}
