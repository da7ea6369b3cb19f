import { maskedCrc32c } from './crc32c';
import type { LogSink } from './logSink';
import { readFields } from './protobuf';
import type { ResultFiles } from './resultFiles';
import type { LogFile } from './textLogs';

const CHUNK_BYTES = 512 * 1024;
/** A record of scalars is far smaller; images, graphs and histograms are passed over unread. */
const MAX_SCALAR_RECORD = 64 * 1024;
/** Length (8 bytes), its checksum (4), the record, its checksum (4). */
const HEAD = 12;
const FOOT = 4;

/**
 * Reads the scalars of a TensorBoard event file, in memory that does not grow with it. Checksums of lengths and of the
 * records that are read are verified; a record that is not whole yet ends the reading quietly.
 *
 * @param prefix - put before every tag, e.g. `train/`
 * @returns what is wrong with it, sentences
 * @see https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/lib/io/record_writer.h (the records)
 */
export async function readEventFile(
  files: ResultFiles,
  file: LogFile,
  prefix: string,
  sink: LogSink,
): Promise<string[]> {
  let offset = 0;
  for (;;) {
    const bytes = await files.readBytes(file.path, offset, CHUNK_BYTES);
    if (!bytes || bytes.length === 0) return [];
    const { used, isDamaged } = readRecords(bytes, (record) => {
      readEvent(record, prefix, sink);
    });
    offset += used;
    if (isDamaged) return [`${file.name} is damaged at byte ${offset}; what follows was not read.`];
    if (used === 0) return [];
  }
}

/** @returns how far the records reach, which may be beyond the bytes when the last one is to be passed over */
function readRecords(
  bytes: Uint8Array,
  onRecord: (record: Uint8Array) => void,
): { used: number; isDamaged: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let used = 0;
  while (used + HEAD <= bytes.length) {
    const length = view.getUint32(used, true) + view.getUint32(used + 4, true) * 2 ** 32;
    if (view.getUint32(used + 8, true) !== maskedCrc32c(bytes.subarray(used, used + 8))) {
      return { used, isDamaged: true };
    }
    const end = used + HEAD + length;
    if (length > MAX_SCALAR_RECORD) {
      used = end + FOOT;
      continue;
    }
    if (end + FOOT > bytes.length) break;
    const record = bytes.subarray(used + HEAD, end);
    if (view.getUint32(end, true) !== maskedCrc32c(record)) return { used, isDamaged: true };
    onRecord(record);
    used = end + FOOT;
  }
  return { used, isDamaged: false };
}

// message Event { double wall_time = 1; int64 step = 2; Summary summary = 5; }
function readEvent(record: Uint8Array, prefix: string, sink: LogSink): void {
  let step = 0;
  let summary: Uint8Array | undefined;
  for (const { number, varint, bytes } of readFields(record)) {
    if (number === 2) step = varint;
    else if (number === 5) summary = bytes;
  }
  if (!summary) return;
  for (const { number, bytes } of readFields(summary)) {
    if (number === 1) readValue(bytes, step, prefix, sink);
  }
}

// message Value { string tag = 1; float simple_value = 2; TensorProto tensor = 8; SummaryMetadata metadata = 9; }
function readValue(message: Uint8Array, step: number, prefix: string, sink: LogSink): void {
  let tag = '';
  let value: number | undefined;
  let plugin = '';
  for (const { number, bytes } of readFields(message)) {
    if (number === 1) tag = decode(bytes);
    else if (number === 2) value = floatAt(bytes);
    else if (number === 8) value = readScalarTensor(bytes);
    else if (number === 9) plugin = readPlugin(bytes);
  }
  if (tag !== '' && value !== undefined && (plugin === '' || plugin === 'scalars'))
    sink.value(prefix + tag, step, value);
}

const DT_FLOAT = 1;
const DT_DOUBLE = 2;

// message TensorProto { DataType dtype = 1; bytes tensor_content = 4; repeated float float_val = 5; repeated double double_val = 6; }
function readScalarTensor(message: Uint8Array): number | undefined {
  let dtype = 0;
  let content: Uint8Array | undefined;
  for (const { number, varint, bytes } of readFields(message)) {
    if (number === 1) dtype = varint;
    else if (number === 4 || number === 5 || number === 6) content = bytes;
  }
  if (dtype === DT_FLOAT && content?.length === 4) return floatAt(content);
  if (dtype === DT_DOUBLE && content?.length === 8) return viewOf(content).getFloat64(0, true);
  return undefined;
}

// message SummaryMetadata { PluginData plugin_data = 1; }, message PluginData { string plugin_name = 1; }
function readPlugin(message: Uint8Array): string {
  for (const metadata of readFields(message)) {
    if (metadata.number !== 1) continue;
    for (const { number, bytes } of readFields(metadata.bytes)) if (number === 1) return decode(bytes);
  }
  return '';
}

function floatAt(bytes: Uint8Array): number | undefined {
  return bytes.length === 4 ? viewOf(bytes).getFloat32(0, true) : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const decoder = new TextDecoder();

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
