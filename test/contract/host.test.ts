import { strict as assert } from 'node:assert';
import { LocalHost } from '../../src/adapters/host/localHost';
import { describeHost } from './hostContract';
import { describeStreamHost } from './streamHostContract';

describeHost('LocalHost', () => new LocalHost());
describeStreamHost('LocalHost', () => new LocalHost());

describe('LocalHost', () => {
  it('hides from programs what steers an editor’s own processes', async () => {
    const host = new LocalHost({
      PATH: process.env['PATH'],
      ELECTRON_RUN_AS_NODE: '1',
      VSCODE_PID: '7',
      KEPT: 'yes',
    });
    const { stdout } = await host.run(['env'], new AbortController().signal);
    assert.match(stdout, /^KEPT=yes$/m);
    assert.doesNotMatch(stdout, /ELECTRON|VSCODE/);
  });
});
