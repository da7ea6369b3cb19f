import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { TailSink } from '../../../../../src/adapters/host/outputSink';
import {
  beginLine,
  endLine,
  FrameReader,
  type Frame,
} from '../../../../../src/adapters/ssh/remote/frameReader';

const mark = 'hsm-0123';

describe('The reader of a long-lived shell', () => {
  it('finds a command’s output between its marks, however it was cut into pieces', async () => {
    const output = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(output, output, cuts, fc.nat({ max: 255 }), async (noise, bytes, places, status) => {
        const whole = Buffer.concat([
          noise,
          text(`${beginLine(mark, 1)}\n`),
          bytes,
          text(`${endLine(mark, 1)} ${status}\n`),
        ]);
        const { frame } = await readFrame(pieces(whole, places));
        assert.deepEqual(
          [frame.bytes.toString('hex'), frame.status],
          [bytes.toString('hex'), String(status)],
        );
      }),
    );
  });

  it('does not take a mark of another command for its own', async () => {
    const stray = `${beginLine(mark, 1)}\nold\n${endLine(mark, 1)} 0\n`;
    const { frame } = await readFrame([text(`${stray}${beginLine(mark, 2)}\nnew${endLine(mark, 2)} 7\n`)], 2);
    assert.deepEqual([frame.bytes.toString(), frame.status], ['new', '7']);
  });

  it('sees what was printed between two commands', async () => {
    const reader = new FrameReader(mark);
    assert.equal(reader.hasStrayOutput, false);
    reader.push(text('late words'));
    assert.equal(reader.hasStrayOutput, true);
    const { reader: after } = await readFrame([text(`${beginLine(mark, 1)}\n${endLine(mark, 1)} 0\nand on`)]);
    assert.equal(after.hasStrayOutput, true);
    const { reader: clean } = await readFrame([text(`${beginLine(mark, 1)}\n${endLine(mark, 1)} 0\n`)]);
    assert.equal(clean.hasStrayOutput, false);
  });

  it('rejects when nothing more will come', async () => {
    const reader = new FrameReader(mark);
    const frame = reader.read(1, new TailSink(10));
    reader.push(text(`${beginLine(mark, 1)}\nhalf of`));
    reader.fail(new Error('gone'));
    await assert.rejects(frame, /gone/);
  });
});

async function readFrame(
  chunks: readonly Buffer[],
  number = 1,
): Promise<{ frame: Frame; reader: FrameReader }> {
  const reader = new FrameReader(mark);
  const frame = reader.read(number, new TailSink(1000));
  for (const chunk of chunks) reader.push(chunk);
  return { frame: await frame, reader };
}

function pieces(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [0, ...places.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((cut, index) => bytes.subarray(cuts[index], cut));
}

function text(content: string): Buffer {
  return Buffer.from(content);
}
