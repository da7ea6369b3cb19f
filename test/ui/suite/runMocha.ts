import { appendFileSync } from 'node:fs';
import { format } from 'node:util';
import type MochaConstructor from 'mocha';
import CountingReporter from '../../support/countingReporter.cjs';

/**
 * Runs mocha in this process, the extension host. The bundle carries the tests, not mocha: it comes from node_modules
 * at run time. Tests are imported after mocha has put `describe` and `it` in place.
 */
export async function runMocha(importTests: () => Promise<unknown>): Promise<void> {
  const { default: Mocha } = (await import('mocha')) as { default: typeof MochaConstructor };
  printToReport(Mocha);
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, reporter: CountingReporter });
  mocha.suite.emit('pre-require', globalThis as never, '', mocha);
  await importTests();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} of the tests in VS Code failed.`);
}

/** The console of an extension host is everybody's; the report is ours alone. */
function printToReport(mocha: typeof MochaConstructor): void {
  const file = process.env['HSM_UI_REPORT'];
  if (file === undefined) return;
  const base = mocha.reporters.Base as unknown as { consoleLog: typeof console.log };
  base.consoleLog = (...args) => {
    appendFileSync(file, `${format(...args)}\n`);
  };
}
