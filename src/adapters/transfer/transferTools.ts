import { execFile } from 'node:child_process';
import { quoteWord } from '../../core/base/shellWord';
import type { StreamHost } from '../host/streamHost';
import { runScript } from './hostScript';

/** What a host, or this machine, has for moving files. */
export interface TransferTools {
  readonly rsync: RsyncVersion | undefined;
  readonly tar: 'gnu' | 'bsd' | 'busybox' | undefined;
  /** The command that prints SHA-256 sums of the files that it is given. */
  readonly sha256: readonly string[] | undefined;
}

export interface RsyncVersion {
  readonly major: number;
  readonly minor: number;
  /** BSD's own one, which macOS has: it does not know what we need. */
  readonly isOpenRsync: boolean;
}

/**
 * The first lines of `rsync --version`: `rsync  version 3.2.7  protocol version 31`, or
 * `openrsync: protocol version 29` and `rsync version 2.6.9 compatible`.
 */
export function parseRsyncVersion(text: string): RsyncVersion | undefined {
  const found = /^rsync\s+version\s+v?(\d+)\.(\d+)/m.exec(text);
  if (!found) return undefined;
  return { major: Number(found[1]), minor: Number(found[2]), isOpenRsync: text.includes('openrsync') };
}

/** Whether rsync takes its arguments past the shell (`-s`), which came with 3.0. */
export function isFit(rsync: RsyncVersion | undefined): boolean {
  return rsync !== undefined && !rsync.isOpenRsync && rsync.major >= 3;
}

/** `tar (GNU tar) 1.34`, `bsdtar 3.6.2 - libarchive …`, `tar (busybox) 1.35.0`. */
export function parseTarVersion(text: string): TransferTools['tar'] {
  if (text.includes('GNU tar')) return 'gnu';
  if (/bsdtar|libarchive/.test(text)) return 'bsd';
  return /busybox/i.test(text) ? 'busybox' : undefined;
}

/** OpenSSL uses what the processor has for it, and is three times as fast as others. */
const SUM_TOOLS = ['openssl dgst -sha256 -r', 'sha256sum', 'shasum -a 256'];

/** Asks a host, in one round trip. */
export async function findTools(host: StreamHost, signal: AbortSignal): Promise<TransferTools> {
  const what = 'looking for rsync and tar';
  const { stdout } = await runScript(
    host,
    { script: toolsScript, args: [], what, timeoutMs: 60_000, isBrief: true },
    signal,
  );
  return parseTools(stdout.toString('utf8'));
}

/** Sections of {@link findTools}: a line `== name`, then what the tool said. */
export function parseTools(text: string): TransferTools {
  const sections = new Map(
    text
      .split(/^== /m)
      .slice(1)
      .map((section): [string, string] => [section.split('\n', 1)[0] ?? '', section]),
  );
  const sha256 = SUM_TOOLS.find((tool) => sections.has(tool));
  return {
    rsync: parseRsyncVersion(sections.get('rsync') ?? ''),
    tar: parseTarVersion(sections.get('tar') ?? ''),
    sha256: sha256?.split(' '),
  };
}

/** The rsync of this machine. */
export function findLocalRsync(): Promise<RsyncVersion | undefined> {
  // Windows has none of its own, and those of others do not work with pipes of other programs.
  if (process.platform === 'win32') return Promise.resolve(undefined);
  return new Promise((resolve) => {
    execFile('rsync', ['--version'], { timeout: 10_000 }, (error, stdout) => {
      resolve(error ? undefined : parseRsyncVersion(stdout));
    });
  });
}

// A sum tool counts when it works: BusyBox may be built without one, macOS has no sha256sum.
const toolsScript = `exec 2>&1 </dev/null
for tool in rsync tar; do echo "== $tool"; $tool --version; done
for tool in ${SUM_TOOLS.map(quoteWord).join(' ')}; do
  $tool /dev/null >/dev/null && echo "== $tool" && break
done`;
