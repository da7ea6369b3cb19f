import {
  isList,
  isMap,
  toJson,
  type NumberValue,
  type ParameterValue,
  type Parameters,
} from '../sweep/value';
import type { StoredTask } from './sweepStore';

/** The line of `tasks.jsonl` for a task, without the newline. Numbers keep the text that the sweep file gave them. */
export function formatStoredTask(task: StoredTask): string {
  const { number, name, hash, argv } = task;
  const head = JSON.stringify({ number, name, hash, argv });
  return `${head.slice(0, -1)},"parameters":${valueText(task.parameters)}}`;
}

/** Reads a line of `tasks.jsonl`. @throws SyntaxError when it is not JSON */
export function parseStoredTask(line: string): StoredTask {
  const raw = JSON.parse(markNumbers(line)) as Record<string, unknown>;
  const parameters = restore(raw['parameters']);
  return {
    number: (restore(raw['number']) as NumberValue).number,
    name: String(raw['name']),
    hash: String(raw['hash']),
    argv: (raw['argv'] as readonly unknown[]).map(String),
    parameters: parameters instanceof Map ? (parameters as Parameters) : new Map<string, ParameterValue>(),
  };
}

function valueText(value: ParameterValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isMap(value)) {
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${valueText(item)}`).join(',')}}`;
  }
  if (isList(value)) return `[${value.map(valueText).join(',')}]`;
  return numberText(value);
}

/** JSON's own grammar of numbers; `.5` and `1_000` are not in it. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function numberText({ number, text }: NumberValue): string {
  if (JSON_NUMBER.test(text)) return text;
  // JSON has no infinities; a number beyond the range of doubles is one for every reader.
  if (number === Infinity) return '1e999';
  if (number === -Infinity) return '-1e999';
  return JSON.stringify(toJson({ number, text }));
}

/** A string or a number, whichever comes first; strings are matched so that digits in them are passed over. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Turns each number into `{"$":"1.0"}`, because `JSON.parse` forgets how it was written. */
function markNumbers(line: string): string {
  return line.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `{"$":"${token}"}`));
}

function restore(value: unknown): ParameterValue {
  if (Array.isArray(value)) return value.map(restore);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first?.[0] === '$' && typeof first[1] === 'string') {
      return { number: Number(first[1]), text: first[1] };
    }
    return new Map(entries.map(([key, item]) => [key, restore(item)]));
  }
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}
