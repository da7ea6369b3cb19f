import { HsmError } from '../../core/base/errors';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk reports an error',
};

/** Turns the failure of a write in the workspace into one that says what to do; others come back as they are. */
export function toWriteFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof HsmError) return error;
  const reason = REASONS[String(error.code)];
  if (reason === undefined) return error;
  const message = `${path} cannot be written: ${reason}. Free some space or fix the permissions, then sync again.`;
  return new HsmError('disk.unwritable', message, { path }, { cause: error });
}
