import type { Disposable } from '../../../src/core/base/lifecycle';
import { opensshServer, skipUnless } from '../requirement';
import { makeTempDir } from '../tempDir';
import { TcpProxy, type ProxyOptions } from './proxy';
import { writeSshConfig, type ConfiguredRig, type SshClientHome } from './sshConfig';
import { startSshd, type SshdOptions, type SshdRig } from './sshd';

/** What {@link useSshd} makes for the tests of a suite. */
export interface SshRigs {
  start(options?: SshdOptions): Promise<SshdRig>;
  proxy(target: { readonly port: number }, options?: ProxyOptions): Promise<TcpProxy>;
  /** A client's home that knows the hosts. */
  client(...hosts: readonly ConfiguredRig[]): SshClientHome;
}

/**
 * Rigs that end after each test, or, for what is made in `before`, after the suite. When a test fails, the logs of its
 * sshds are printed. Call it inside `describe`.
 */
export function useSshd(): SshRigs {
  let [ofSuite, ofTest]: [Made, Made] = [new Made(), new Made()];
  let inTest = false;
  const current = () => (inTest ? ofTest : ofSuite);
  before(function () {
    skipUnless(this, opensshServer);
  });
  beforeEach(() => {
    inTest = true;
  });
  afterEach(function () {
    inTest = false;
    if (this.currentTest?.state === 'failed')
      [ofSuite, ofTest].forEach((made) => {
        made.printLogs();
      });
    ofTest.dispose();
    ofTest = new Made();
  });
  after(() => {
    ofSuite.dispose();
    ofSuite = new Made();
  });
  return {
    start: async (options) => current().addHost(await startSshd(options)),
    proxy: async ({ port }, options) => current().add(await TcpProxy.start(port, options)),
    client: (...hosts) => {
      const dir = current().add(makeTempDir('hsm-client-'));
      return writeSshConfig(hosts, dir.path);
    },
  };
}

class Made implements Disposable {
  private readonly hosts: SshdRig[] = [];
  private readonly items: Disposable[] = [];

  add<T extends Disposable>(item: T): T {
    this.items.push(item);
    return item;
  }

  addHost(host: SshdRig): SshdRig {
    this.hosts.push(host);
    return this.add(host);
  }

  printLogs(): void {
    for (const { alias, log } of this.hosts.map((host) => ({ alias: host.alias, log: host.log() })))
      console.log(`    sshd of ${alias} said:\n${log.replace(/^/gm, '      ')}`);
  }

  dispose(): void {
    for (const item of this.items.splice(0).reverse()) item.dispose();
  }
}
