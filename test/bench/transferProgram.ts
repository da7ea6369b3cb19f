import { FileTransfer } from '../../src/adapters/transfer/fileTransfer';
import type { TransferMethod } from '../../src/adapters/transfer/transfer';
import { silentLogger } from '../../src/core/base/logger';
import { openRigHost, type Reachable } from '../support/sshd/rigHost';

/** What is to be brought from where, as JSON in the only argument. */
export interface TransferOrder {
  readonly host: Reachable;
  /** Default: as the product chooses. */
  readonly method?: TransferMethod;
  readonly remoteDir: string;
  readonly localDir: string;
  /** Whether what came is compared with what is there. */
  readonly compares: boolean;
}

/** Connects, then brings a directory; prints how many files came, how many differ, and the time without the login. */
async function main({
  host: reachable,
  method,
  remoteDir,
  localDir,
  compares,
}: TransferOrder): Promise<void> {
  const { signal } = new AbortController();
  const { host, session } = await openRigHost(reachable);
  const transfer = new FileTransfer(host, { log: silentLogger, ...(method && { method }) });
  const begin = performance.now();
  const run = { signal };
  const { files, differences } = compares
    ? await transfer.pullCompared(remoteDir, localDir, {}, run)
    : { ...(await transfer.pull(remoteDir, localDir, {}, run)), differences: [] };
  const wallMs = performance.now() - begin;
  if (!differences) throw new Error('the host has no tool to compare by');
  console.log(JSON.stringify({ wallMs, files: files.length, differences: differences.length }));
  session.dispose();
}

void main(JSON.parse(process.argv[2] ?? '') as TransferOrder);
