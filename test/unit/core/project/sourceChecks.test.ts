import assert from 'node:assert/strict';
import { HsmError } from '../../../../src/core/base/errors';
import type { ProjectConfig } from '../../../../src/core/project/config';
import type { ProjectPorts } from '../../../../src/core/project/projectPorts';
import { SourceChecks } from '../../../../src/core/project/sourceChecks';
import type { SshSourceConfig } from '../../../../src/core/project/sourceConfig';

const FAR: SshSourceConfig = {
  type: 'ssh',
  host: 'gpu01',
  root: '~/.hsm',
  code: 'snapshot',
  env: {},
  setup: [],
};

/** A host of eight cores. */
const ports = {
  resolveSource: (_name: string, config: SshSourceConfig) =>
    Promise.resolve({ ...config, slots: config.slots ?? 8 }),
  createSource: (name: string, { slots = 1 }: SshSourceConfig) => ({
    name,
    maxSlots: slots,
    healthCheck: () => Promise.resolve({ state: 'healthy', problems: [], latencyMs: 1 }),
    cleanup: () => Promise.resolve(),
  }),
} as unknown as ProjectPorts;

describe('The slots of a source on another machine', () => {
  it('are what the configuration says', () => {
    const [summary] = new SourceChecks(ports).summaries(configOf({ ...FAR, slots: 3 }), []);
    assert.equal(summary?.slots, 3);
  });

  it('are not known where it says nothing, before a look at the host', async () => {
    const config = configOf(FAR);
    const checks = new SourceChecks(ports);
    assert.equal(checks.summaries(config, [])[0]?.slots, undefined);
    await checks.test('far', config);
    assert.equal(checks.summaries(config, [])[0]?.slots, 8);
  });

  it('are known once a sweep was about to start there', async () => {
    const checks = new SourceChecks(ports);
    await checks.requireUsable(new Map([['far', FAR]]), new AbortController().signal);
    assert.equal(checks.summaries(configOf(FAR), [])[0]?.slots, 8);
  });
});

describe('A source on a machine that does not answer', () => {
  it('is unhealthy, with the reason and without an answer time', async () => {
    const away = {
      ...ports,
      resolveSource: () =>
        Promise.reject(new HsmError('host.unreachable', 'gpu01 is not reachable.', { host: 'gpu01' })),
    };
    const checks = new SourceChecks(away);
    await checks.test('far', configOf(FAR));
    const health = checks.summaries(configOf(FAR), [])[0]?.health;
    assert.equal(health?.state, 'unhealthy');
    assert.deepEqual(health.problems, ['gpu01 is not reachable.']);
    assert.equal('latencyMs' in health, false);
  });
});

function configOf(far: SshSourceConfig): ProjectConfig {
  return { sources: { far } } as unknown as ProjectConfig;
}
