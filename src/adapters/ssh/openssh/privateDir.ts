import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toDisposable, type Disposable } from '../../../core/base/lifecycle';

/** A socket's path may have 104 bytes on some systems, and ssh appends 17 while it makes one. */
const MAX_DIR_LENGTH = 104 - 17 - '/control'.length - 1;

/** A directory that only the user may enter, with a path short enough for sockets. Removed when disposed. */
export function makePrivateDir(): Disposable & { readonly path: string } {
  const usual = join(tmpdir(), 'hsm-ssh-');
  const isShort = Buffer.byteLength(usual) + 6 <= MAX_DIR_LENGTH;
  // mkdtemp makes it with mode 0700.
  const path = mkdtempSync(isShort ? usual : '/tmp/hsm-ssh-');
  const removal = toDisposable(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return {
    path,
    dispose: () => {
      removal.dispose();
    },
  };
}
