import { watch } from 'node:fs';
import { toDisposable, type Disposable } from '../../core/base/lifecycle';

/**
 * Calls back with the names of entries that change in a folder. A courtesy of the system (limits, network drives), so
 * whoever listens also polls.
 *
 * @returns undefined when the system does not watch the folder
 */
export function watchFolder(path: string, onChange: (name: string | null) => void): Disposable | undefined {
  try {
    const watcher = watch(path, (_kind, name) => {
      onChange(name);
    });
    watcher.on('error', () => {
      watcher.close();
    });
    return toDisposable(() => {
      watcher.close();
    });
  } catch {
    return undefined;
  }
}
