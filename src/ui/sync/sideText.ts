import { formatBytes } from '../../core/base/formatBytes';
import type { SyncFacade } from '../../core/sync/syncFacade';
import type { L10n } from '../text/l10n';
import type { SideDocument } from './sideUri';

/** A larger file takes an editor too long to compare. The engine reads more, so that this is always seen. */
const MAX_BYTES = 20 * 1024 * 1024;

/** What one side of a compared file says: its text, or why there is none, in words. */
export async function sideText(
  { sync, l10n }: { readonly sync: Pick<SyncFacade, 'remote' | 'readRemote'>; readonly l10n: L10n },
  { source, path, side }: SideDocument,
  signal: AbortSignal,
): Promise<string> {
  const file = sync.remote(source)?.comparison?.files.find((each) => each.path === path);
  const content = file?.[side];
  if (content?.kind === 'link') return content.target;
  if (content?.kind === 'other')
    return `${l10n.t('There is {0} here, which is not transferred.', content.what)}\n`;
  if (side === 'local' || content?.kind === 'absent') return '';
  const bytes = await sync.readRemote(source, path, signal);
  return bytes ? textOf(l10n, bytes) : '';
}

function textOf(l10n: L10n, bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES)
    return `${l10n.t('This file is too large to show beside another: more than {0}.', formatBytes(MAX_BYTES))}\n`;
  const binary = `${l10n.t('This file is not text: {0} of binary data.', formatBytes(bytes.length))}\n`;
  if (bytes.includes(0)) return binary;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    // The only thing that this throws is that it is not UTF-8.
    return binary;
  }
}
