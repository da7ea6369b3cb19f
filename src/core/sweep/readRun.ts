import { parseDuration } from './duration';
import type { ArgumentStyle, FailureLimit, RunOptions } from './runOptions';
import type { Fields } from './yaml/fields';

export const ARGUMENT_STYLES: readonly ArgumentStyle[] = ['hydra', 'argparse', 'env'];

/** Reads the `run:` block; without one, the defaults. */
export function readRun(fields: Fields | undefined): RunOptions {
  if (!fields) return { retries: 0, lost: 'rerun' };
  const { style, template } = readArguments(fields);
  const command = readTemplate(fields, 'command') ?? template;
  const options = {
    retries: fields.integer('retries', { min: 0 }) ?? 0,
    lost: fields.oneOf('lost', ['rerun', 'ask', 'fail']) ?? 'rerun',
    timeoutSec: readDuration(fields, 'timeout'),
    stopAfterFailures: readFailureLimit(fields),
    sources: readSources(fields),
    command,
    arguments: style,
  } as const;
  fields.reportUnknown();
  return withoutAbsent(options);
}

/** A duration in seconds; undefined when absent or unlimited. */
export function readDuration(fields: Fields, key: string): number | undefined {
  const text = fields.text(key);
  const node = fields.node(key);
  if (text === undefined || !node) return undefined;
  const duration = parseDuration(text);
  const path = fields.pathOf(key);
  if (duration.kind === 'unreadable')
    fields.problems.error('bad-duration', node, `\`${path}\`: ${duration.reason}`, duration.hint);
  if (duration.kind !== 'seconds') return undefined;
  if (duration.note) fields.problems.information('bare-duration', node, `\`${path}\`: ${duration.note}`);
  return duration.seconds;
}

/** How parameters reach the program: a style, or a command template in its place. */
export function readArguments(fields: Fields): { style?: ArgumentStyle; template?: readonly string[] } {
  const node = fields.node('arguments');
  if (node?.kind === 'list') return { template: readTemplate(fields, 'arguments') };
  return { style: fields.oneOf('arguments', ARGUMENT_STYLES) };
}

/** A command template: argv elements, program first. */
export function readTemplate(fields: Fields, key: string): readonly string[] | undefined {
  const node = fields.node(key);
  if (node?.kind === 'scalar') {
    const hint = `Write it as a list, one item per word: \`[${node.text.trim().split(/\s+/).join(', ')}]\`.`;
    fields.bad(key, node, 'a list of words', hint);
    return undefined;
  }
  const words = fields.texts(key);
  if (words?.length !== 0) return words;
  if (node) fields.problems.error('empty-list', node, `\`${fields.pathOf(key)}\` must name a program.`);
  return undefined;
}

function readFailureLimit(fields: Fields): FailureLimit | undefined {
  const node = fields.node('stop_after_failures');
  if (!node) return undefined;
  const text = node.kind === 'scalar' ? node.text : '';
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) > 0 && Number(percent) <= 100)
    return { share: Number(percent) / 100 };
  if (/^\d+$/.test(text) && Number(text) > 0) return { tasks: Number(text) };
  fields.bad('stop_after_failures', node, 'a number of tasks (`3`) or a share of all (`50%`)');
  return undefined;
}

function readSources(fields: Fields): readonly string[] | undefined {
  const sources = fields.texts('sources');
  const node = fields.node('sources');
  if (sources?.length !== 0 || !node) return sources;
  fields.problems.error('empty-list', node, `\`${fields.pathOf('sources')}\` must name a source.`);
  return undefined;
}

/** The object without keys that are undefined. */
export function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
