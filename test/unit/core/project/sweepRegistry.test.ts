import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { silentLogger } from '../../../../src/core/base/logger';
import type { SweepManifest } from '../../../../src/core/engine/sweepStore';
import type { ProjectPorts } from '../../../../src/core/project/projectPorts';
import { SweepDriver } from '../../../../src/core/project/sweepDriver';
import { SweepRegistry } from '../../../../src/core/project/sweepRegistry';
import { ManualClock } from '../../../support/manualClock';
import { MemorySweepStore, type SweepFilesInMemory } from '../../../support/memorySweepStore';

const files: SweepFilesInMemory = {
  manifest: { format: 1, id: 'lr_1', total: 1, sources: [], project: {} } as unknown as SweepManifest,
  sweepText: 'sweep: { grid: { lr: [1] } }',
  tasks: [],
  journal: [],
  requests: [],
};

/** A folder with one sweep. */
function portsOfOneSweep(): ProjectPorts {
  return {
    path: { join },
    log: silentLogger,
    clock: new ManualClock(),
    sweepDirectory: () => ({
      list: () => Promise.resolve(['lr_1']),
      open: () => new MemorySweepStore(files),
      onDidChange: () => ({ dispose: () => undefined }),
      dispose: () => undefined,
    }),
  } as unknown as ProjectPorts;
}

describe('SweepRegistry', () => {
  it('keeps one driver of a sweep whose folder was found before its start had named it', async () => {
    const ports = portsOfOneSweep();
    const registry = new SweepRegistry(ports, 'view');
    registry.open('/out');
    await registry.refresh();
    const found = registry.find('lr_1');
    const started = registry.add(await SweepDriver.open(new MemorySweepStore(files), ports));
    assert.ok(found);
    assert.equal(started, found);
    assert.deepEqual(registry.all(), [found]);
    await registry.close();
  });
});
