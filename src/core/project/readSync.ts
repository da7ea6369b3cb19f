import { withoutAbsent } from '../sweep/readRun';
import type { Fields } from '../sweep/yaml/fields';
import type { SyncSettings } from '../sync/syncSettings';

/** Reads the block `sync:`. */
export function readSync(fields: Fields | undefined): Partial<SyncSettings> {
  if (!fields) return {};
  const settings = withoutAbsent({
    exclude: fields.texts('exclude'),
    configFiles: fields.texts('config_files'),
    beforeStart: fields.oneOf('before_start', ['always', 'ask', 'never'] as const),
  });
  fields.reportUnknown();
  // Typed as if absent keys were present and undefined; they are gone.
  return settings;
}
