import type { HostProcess } from '../../../src/adapters/host/streamHost';
import { SharedHost } from '../../support/sshd/sharedHost';

/** Has programs of a test's own there, and tells them whom to kill: the program that started them. */
export class DyingHost extends SharedHost {
  /** A folder of programs that come before all others. */
  bin = '/nowhere';

  override start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    const bin = this.bin.replaceAll("'", `'\\''`);
    const prepared = `VICTIM=$$ PATH='${bin}':$PATH; export VICTIM PATH\n${script}`;
    return super.start([sh, flag, prepared, ...rest], signal);
  }
}
