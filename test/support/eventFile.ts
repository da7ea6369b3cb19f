import { maskedCrc32c } from '../../src/core/results/crc32c';

/** A value of a TensorBoard event file. */
export interface EventValue {
  readonly step: number;
  readonly tag: string;
  readonly value: number;
  /** As TensorFlow 2 and PyTorch's newer writers do it: a tensor, with the plugin that it is for. */
  readonly tensor?: 'float' | 'double' | 'content';
  readonly plugin?: string;
}

/**
 * The bytes of an event file, written by hand after the definitions of the format; a test compares them with a real file.
 *
 * @see https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto
 * @see https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/summary.proto
 * @see https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/lib/io/record_writer.h (the records)
 */
export function eventFile(values: readonly EventValue[]): Uint8Array {
  const version = concat(double(1, 1e9), bytesField(3, utf8('brain.Event:2')));
  return concat(record(version), ...values.map((value) => record(event(value))));
}

/** A record with any content, e.g. an image. */
export function record(message: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, message.length, true);
  return concat(length, uint32(maskedCrc32c(length)), message, uint32(maskedCrc32c(message)));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function event({ step, tag, value, tensor, plugin }: EventValue): Uint8Array {
  const number = tensor === undefined ? float(2, value) : bytesField(8, tensorOf(value, tensor));
  const metadata = plugin === undefined ? [] : [bytesField(9, bytesField(1, bytesField(1, utf8(plugin))))];
  const summary = bytesField(1, concat(bytesField(1, utf8(tag)), ...metadata, number));
  return concat(double(1, 1e9 + step), varintField(2, step), bytesField(5, summary));
}

function tensorOf(value: number, kind: 'float' | 'double' | 'content'): Uint8Array {
  if (kind === 'double') return concat(varintField(1, 2), bytesField(6, double(1, value).slice(1)));
  return concat(varintField(1, 1), bytesField(kind === 'content' ? 4 : 5, float(1, value).slice(1)));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

function varintField(number: number, value: number): Uint8Array {
  return concat(varint(number * 8), varint(value));
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return concat(varint(number * 8 + 2), varint(bytes.length), bytes);
}

function double(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat(varint(number * 8 + 1), bytes);
}

function float(number: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat(varint(number * 8 + 5), bytes);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
