import { HsmError } from '../../core/base/errors';

/** What a command may take. */
export interface CommandLimits {
  /** For messages: the command line, or what it is for. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Default: since the start. Since the last bytes that went over where only a standstill is a failure. */
  readonly timeCounts?: 'since-progress';
  readonly maxOutputBytes: number;
}

/** The connection went; what became of what was under way on it is not known. */
export function connectionLost(host: string, reason: string): HsmError<'host.unreachable'> {
  return new HsmError('host.unreachable', `The connection to ${host} was lost: ${reason}.`, { host });
}

export function noSuchProgram(host: string, argv: readonly string[]): HsmError {
  const message = `There is no program ${argv[0] ?? ''} on ${host}.`;
  return new HsmError('command.failed', message, { argv, exitCode: 127, stderr: '' });
}

export function tookTooLong(host: string, { what, timeoutMs, timeCounts }: CommandLimits): HsmError {
  if (timeCounts === 'since-progress')
    return stopped(what, `${what} made no progress for ${timeoutMs} ms on ${host} and was stopped.`);
  return stopped(what, `${what} did not end within ${timeoutMs} ms on ${host} and was stopped.`);
}

export function printedTooMuch(host: string, { what, maxOutputBytes }: CommandLimits): HsmError {
  return stopped(what, `${what} printed more than ${maxOutputBytes} bytes on ${host} and was stopped.`);
}

/** Every session that the server allows is at work. */
export function noFreeSession(host: string): HsmError {
  return new HsmError('host.unreachable', `All sessions that ${host} allows on a connection are in use.`, {
    host,
    hint: 'Close terminals on it, or wait until a transfer has ended.',
  });
}

function stopped(what: string, message: string): HsmError {
  return new HsmError('command.failed', message, { argv: [what], exitCode: undefined, stderr: '' });
}
