import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { silentLogger } from '../../../../src/core/base/logger';
import { collectedRecord } from '../../../../src/core/collection/collectedRecord';
import { formatEvent } from '../../../../src/core/engine/journalEvent';
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
function portsOfOneSweep(sweep = files, clock = new ManualClock()): ProjectPorts {
  return {
    path: { join },
    log: silentLogger,
    clock,
    sweepDirectory: () => ({
      list: () => Promise.resolve(['lr_1']),
      open: () => new MemorySweepStore(sweep),
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

  it('tells of tasks whose files another process brought, as of tasks that changed', async () => {
    const sources = [{ name: 'far', type: 'ssh', config: {} }];
    const ended = { kind: 'ended', task: 1, attempt: 1, exitCode: 1, atMs: 1 } as const;
    const away: SweepFilesInMemory = {
      ...files,
      manifest: { ...files.manifest, sources } as unknown as SweepManifest,
      journal: [
        { kind: 'submitting', at: 0, source: 'far', token: 't', tasks: [[1, 1, 1]] } as const,
        { kind: 'observed', at: 0, source: 'far', cursor: '', records: [ended] } as const,
      ].map((event) => formatEvent(event)),
    };
    const clock = new ManualClock();
    const ports = portsOfOneSweep(away, clock);
    const registry = new SweepRegistry(ports, 'view');
    const changes: (readonly number[] | undefined)[] = [];
    registry.open('/out');
    await registry.refresh();
    registry.onDidChangeSweeps((sweeps) => changes.push(sweeps.get('lr_1')));
    await clock.advance(200);
    changes.length = 0;
    away.collected = [collectedRecord(1, 'far', [{ task: 1, attempt: 1 }], 10)];
    await registry.refresh();
    await clock.advance(200);
    assert.deepEqual(changes, [[1]]);
    await registry.close();
  });
});
