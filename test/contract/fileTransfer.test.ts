import { LocalHost } from '../../src/adapters/host/localHost';
import type { TransferMethod } from '../../src/adapters/transfer/transfer';
import { bsdtar, loginShells, rsync, skipUnless, type Requirement } from '../support/requirement';
import { makeTempDir } from '../support/tempDir';
import { makePrograms, SCRIPT_PROGRAMS } from '../support/transferRig';
import { describeTransfer } from './fileTransferContract';

/** A host that has other programs than this machine: the same machine with another PATH. */
function describeWith(
  name: string,
  method: TransferMethod,
  programs: readonly string[] | 'busybox' | undefined,
  requirement: Requirement,
): void {
  describe(name, () => {
    let dir: ReturnType<typeof makeTempDir> | undefined;
    let path = process.env['PATH'];

    before(function () {
      skipUnless(this, requirement);
      const { path: made } = (dir = makeTempDir());
      if (programs) path = makePrograms(made, programs);
    });
    after(() => {
      dir?.dispose();
    });
    describeTransfer(name, () => Promise.resolve({ host: new LocalHost({ PATH: path }), method }));
  });
}

describeWith('rsync', 'rsync', undefined, rsync);
describeWith('rsync and tar', 'both', undefined, rsync);
describeWith('GNU tar', 'tar', [...SCRIPT_PROGRAMS, 'tar', 'sha256sum'], rsync);
describeWith('bsdtar and openssl', 'tar', [...SCRIPT_PROGRAMS, 'tar=bsdtar', 'openssl'], bsdtar);
describeWith('BusyBox', 'tar', 'busybox', loginShells);
