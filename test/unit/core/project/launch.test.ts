import assert from 'node:assert/strict';
import { mergeConfigs, parseConfig } from '../../../../src/core/project/config';
import { chooseSources } from '../../../../src/core/project/launch';
import { parseSweep } from '../../../../src/core/sweep/parseSweep';
import type { StartOptions } from '../../../../src/core/facade';

const CONFIG = `sources:
  here: { type: local, slots: 4 }
  gpubox: { type: ssh, host: gpubox }
  big: { type: ssh, host: big, slots: 8 }
`;

function checkSlots(options: StartOptions, slots: Readonly<Record<string, number | undefined>>): void {
  const { value: config } = parseConfig(CONFIG);
  const { value: sweep } = parseSweep('script: train.py\nsweep: { grid: { lr: [1] } }\n');
  assert.ok(sweep);
  const chosen = chooseSources(sweep, mergeConfigs(config), options);
  assert.deepEqual(Object.fromEntries([...chosen].map(([name, source]) => [name, source.slots])), slots);
}

describe('the sources of a start', () => {
  it('have the slots that the configuration gives them', () => {
    checkSlots({ sources: ['here', 'gpubox', 'big'] }, { here: 4, gpubox: undefined, big: 8 });
  });

  it('have the slots that are asked for, wherever they are', () => {
    checkSlots({ sources: ['here', 'gpubox', 'big'], slots: 2 }, { here: 2, gpubox: 2, big: 2 });
  });
});
