import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { silentLogger } from '../../../../src/core/base/logger';
import type { DriverInfo, DriverLock, SweepManifest } from '../../../../src/core/engine/sweepStore';
import type { ProjectPorts } from '../../../../src/core/project/projectPorts';
import { SweepDriver } from '../../../../src/core/project/sweepDriver';
import { FakeComputeSource } from '../../../support/fakeComputeSource';
import { ManualClock } from '../../../support/manualClock';
import { MemorySweepStore } from '../../../support/memorySweepStore';

/** Gives the lock only when it is told to. */
class SlowStore extends MemorySweepStore {
  let: () => void = () => undefined;
  private readonly gate = new Promise<void>((resolve) => {
    this.let = resolve;
  });

  override async acquireDriver(): Promise<DriverLock | DriverInfo> {
    await this.gate;
    return super.acquireDriver();
  }
}

async function openDriver(): Promise<{ store: SlowStore; driver: SweepDriver }> {
  const manifest = {
    format: 1,
    id: 'lr_1',
    total: 1,
    sources: [{ name: 'fake', type: 'local', config: {} }],
    project: {},
  } as unknown as SweepManifest;
  const sweepText = 'sweep: { grid: { lr: [1] } }';
  const store = new SlowStore({ manifest, sweepText, tasks: [], journal: [], requests: [] });
  const ports = {
    path: { join },
    log: silentLogger,
    clock: new ManualClock(),
    createSource: () => new FakeComputeSource(),
  } as unknown as ProjectPorts;
  return { store, driver: await SweepDriver.open(store, ports) };
}

describe('SweepDriver', () => {
  for (const what of ['drive', 'observe'] as const) {
    it(`lets go of what it was about to ${what} when it was closed`, async () => {
      const { store, driver } = await openDriver();
      const begun = driver[what](false);
      const closed = driver.close();
      store.let();
      await Promise.all([begun, closed]);
      assert.equal(driver.session.isDriven, false);
      assert.equal(await store.currentDriver(), undefined);
    });
  }
});
