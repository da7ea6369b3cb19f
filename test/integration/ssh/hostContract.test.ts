import type { SshHost } from '../../../src/adapters/ssh/sshHost';
import type { SshSession } from '../../../src/adapters/ssh/sshSession';
import { describeHost } from '../../contract/hostContract';
import { describeStreamHost } from '../../contract/streamHostContract';
import type { LoginShell } from '../../support/sshd/account';
import { openRigHost } from '../../support/sshd/rigHost';
import { useSshd } from '../../support/sshd/useSshd';

/** Those of other names are tried with command lines alone. */
const shells: readonly LoginShell[] = ['bash', 'zsh', 'csh', 'fish', 'busybox'];

for (const shell of shells) {
  describe(`SshHost over ssh2, logging in with ${shell}`, () => {
    const rigs = useSshd();
    let opened: { host: SshHost; session: SshSession };

    before(async () => {
      opened = await openRigHost(await rigs.start({ shell }));
    });

    after(() => {
      opened.session.dispose();
    });

    describeHost(`SshHost, ${shell}`, () => opened.host);
    describeStreamHost(`SshHost, ${shell}`, () => opened.host);
  });
}
