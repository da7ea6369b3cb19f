import { HsmError } from '../../core/base/errors';
import type { ProcessEnd, StreamHost } from '../host/streamHost';

/** The host went away in the middle. */
export function lostConnection(host: StreamHost, what: string, reason: string): HsmError {
  return new HsmError(
    'host.unreachable',
    `The connection to ${host.label} was lost while ${what}: ${reason}. What has arrived is kept; try again.`,
    { host: host.label },
  );
}

/** A tool, here or there, ended as it should not. */
export function failedTool(
  host: StreamHost,
  what: string,
  argv: readonly string[],
  end: ProcessEnd,
  stderr: string,
): HsmError {
  if (end.kind === 'lost') return lostConnection(host, what, end.reason);
  const how = end.kind === 'exited' ? `exit code ${end.exitCode}` : `signal ${end.signal}`;
  const said = firstLines(stderr);
  const full = isNoRoom(stderr) ? ` There is no room left on ${host.label}.` : '';
  return new HsmError(
    'command.failed',
    `${capitalize(what)} failed on ${host.label} (${argv[0] ?? ''}, ${how}).${full}${said && ` ${said}`}`,
    { argv, exitCode: end.kind === 'exited' ? end.exitCode : undefined, stderr },
  );
}

/** This machine's disk does not take what arrives. */
export function noRoomHere(path: string, cause: string): HsmError {
  return new HsmError(
    'disk.unwritable',
    `${path} cannot be written: ${cause}. Make room, or let it be written, then collect again.`,
    { path },
  );
}

/** The host sends more than it announced, or what does not belong to the transfer. */
export function untrustedStream(host: StreamHost, what: string): HsmError {
  return new HsmError('command.failed', `${host.label} ${what}. Nothing of it was kept.`, {
    argv: [],
    exitCode: undefined,
    stderr: '',
  });
}

/** Whether a tool's words mean that a disk or quota is full, or must not be written. */
export function isNoRoom(stderr: string): boolean {
  return /No space left on device|Disk quota exceeded|Read-only file system|File too large/.test(stderr);
}

/** The same for an error of the operating system here. */
export function isNoRoomCode(error: unknown): boolean {
  return isFullCode(error) || ['EACCES', 'EPERM'].includes(codeOf(error));
}

/** Whether it means that the disk here takes nothing more, whatever it is. */
export function isFullCode(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function firstLines(text: string): string {
  return text.trim().split('\n').slice(0, 3).join(' ').slice(0, 500);
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
