import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toDisposable, type Disposable } from '../../src/core/base/lifecycle';

/** A directory of one test's own. By default its name has what quoting must survive. Removed when disposed. */
export function makeTempDir(prefix = "hsm it's a test "): Disposable & { readonly path: string } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), prefix)));
  const removal = toDisposable(() => {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });
  return {
    path,
    dispose: () => {
      removal.dispose();
    },
  };
}
