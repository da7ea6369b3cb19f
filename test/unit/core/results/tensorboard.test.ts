import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32c } from '../../../../src/core/results/crc32c';
import { readEventFile } from '../../../../src/core/results/tensorboard';
import type { JsonValue } from '../../../../src/core/sweep/value';
import { concat, eventFile, record, type EventValue } from '../../../support/eventFile';
import { MemoryResultFiles } from '../../../support/memoryResultFiles';
import { projectDir } from '../../../support/project';

type Value = [name: string, step: number, value: JsonValue];

async function read(bytes: Uint8Array): Promise<{ values: Value[]; problems: string[] }> {
  const values: Value[] = [];
  const files = new MemoryResultFiles({ '/events': bytes });
  const file = { path: '/events', name: 'events' };
  const problems = await readEventFile(files, file, '', {
    value: (name, step, value) => {
      values.push([name, step, value]);
    },
  });
  return { values, problems };
}

const loss: EventValue = { step: 300, tag: 'train/loss', value: 0.5 };

describe('a TensorBoard event file that tensorboardX wrote', () => {
  const scalars: readonly Value[] = [
    ['train/loss', 0, 1],
    ['train/loss', 1, 0.5],
    ['train/loss', 2, Math.fround(1 / 3)],
    ['val_acc', 2, 0.75],
    ['train/loss', 1, Math.fround(0.9)],
    ['train/loss', 2 ** 33, 0.25],
  ];

  async function written(): Promise<Uint8Array> {
    return readFile(join(projectDir, 'test/fixtures/events/tensorboardX.tfevents'));
  }

  it('gives its scalars in the order of the writing, also where steps start again, and no text or histogram', async () => {
    assert.deepEqual(await read(await written()), { values: scalars, problems: [] });
  });

  it('gives the whole records before an end anywhere', async () => {
    const bytes = await written();
    let before = 0;
    for (let end = 0; end <= bytes.length; end++) {
      const { values, problems } = await read(bytes.slice(0, end));
      assert.deepEqual([values, problems], [scalars.slice(0, values.length), []], `${end} bytes`);
      assert.ok(values.length >= before);
      before = values.length;
    }
    assert.equal(before, scalars.length);
  });

  it('has the same bytes as the files that other tests write by hand', async () => {
    const bytes = await written();
    // They differ in their times alone, which stand in front.
    const [realHeader, , real] = hexRecords(bytes);
    const [header, made] = hexRecords(eventFile([{ step: 1, tag: 'train/loss', value: 0.5 }]));
    assert.deepEqual([header?.slice(TIME), made?.slice(TIME)], [realHeader?.slice(TIME), real?.slice(TIME)]);
  });
});

/** Hexadecimal digits of a field with eight bytes. */
const TIME = 18;

/** The contents of records. */
function hexRecords(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const records: string[] = [];
  for (let at = 0; at < buffer.length;) {
    const length = buffer.readUInt32LE(at);
    records.push(buffer.subarray(at + 12, at + 12 + length).toString('hex'));
    at += 12 + length + 4;
  }
  return records;
}

describe('a TensorBoard event file', () => {
  it('has the checksums of its specification', () => {
    assert.equal(crc32c(new TextEncoder().encode('123456789')), 0xe3069283);
  });

  it('gives its scalars, however they were written', async () => {
    const values = [
      loss,
      { ...loss, step: 2 ** 40, value: NaN },
      { ...loss, tag: 'a', tensor: 'float', plugin: 'scalars' },
      { ...loss, tag: 'b', tensor: 'content', plugin: 'scalars' },
      { ...loss, tag: 'c', tensor: 'double' },
    ] as const;
    assert.deepEqual(await read(eventFile(values)), {
      values: [
        ['train/loss', 300, 0.5],
        ['train/loss', 2 ** 40, NaN],
        ['a', 300, 0.5],
        ['b', 300, 0.5],
        ['c', 300, 0.5],
      ],
      problems: [],
    });
  });

  it('gives nothing of what is no scalar', async () => {
    const { values } = await read(eventFile([{ ...loss, tensor: 'float', plugin: 'histograms' }]));
    assert.deepEqual(values, []);
  });

  it('is read on after records that are too large for scalars', async () => {
    const { values, problems } = await read(concat(record(new Uint8Array(200_000)), eventFile([loss])));
    assert.deepEqual([values.length, problems], [1, []]);
  });

  it('ends quietly in the middle of a record that is being written', async () => {
    const whole = eventFile([loss, loss]);
    for (const missing of [1, 5, 20, 45]) {
      const { values, problems } = await read(whole.slice(0, whole.length - missing));
      assert.deepEqual([values.length, problems], [1, []], `${missing} bytes short`);
    }
  });

  it('says where it is damaged, and keeps what came before', async () => {
    const bytes = eventFile([loss, loss]);
    bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 0xff;
    const { values, problems } = await read(bytes);
    assert.equal(values.length, 1);
    assert.match(problems.join(), /^events is damaged at byte \d+; what follows was not read\.$/u);
  });

  it('does no harm when it is something else', async () => {
    const { values, problems } = await read(new Uint8Array(1000).fill(7));
    assert.deepEqual([values.length, problems.length], [0, 1]);
  });
});
