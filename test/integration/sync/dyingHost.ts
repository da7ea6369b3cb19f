import { LocalHost } from '../../../src/adapters/host/localHost';
import type { HostProcess } from '../../../src/adapters/host/streamHost';

/** Tells git there whom to kill: the program that started it. */
export class DyingHost extends LocalHost {
  /** A folder of programs that come before all others. */
  bin = '/nowhere';

  override start(argv: readonly string[], signal: AbortSignal): Promise<HostProcess> {
    const [sh = 'sh', flag = '-c', script = '', ...rest] = argv;
    const bin = this.bin.replaceAll("'", `'\\''`);
    const prepared = `VICTIM=$$ PATH='${bin}':$PATH; export VICTIM PATH\n${script}`;
    return super.start([sh, flag, prepared, ...rest], signal);
  }
}
