import type { SourceType } from '../compute/computeSource';
import { readDuration, withoutAbsent } from '../sweep/readRun';
import type { Fields } from '../sweep/yaml/fields';
import type { Span } from '../sweep/yaml/yamlNode';
import type { SourceFields } from './sourceConfig';

const TYPES: readonly SourceType[] = ['local', 'ssh', 'slurm', 'pbs'];

/** Where each field means something; fields that are not listed mean something everywhere. */
const ONLY_FOR: Readonly<Record<string, readonly SourceType[]>> = {
  gpus_per_task: ['local', 'ssh'],
  host: ['ssh', 'slurm', 'pbs'],
  root: ['ssh', 'slurm', 'pbs'],
  checkout: ['ssh', 'slurm', 'pbs'],
  gpu_type: ['slurm', 'pbs'],
  walltime: ['slurm', 'pbs'],
  cpus: ['slurm', 'pbs'],
  memory: ['slurm', 'pbs'],
  account: ['slurm', 'pbs'],
  modules: ['slurm', 'pbs'],
  throttle: ['slurm', 'pbs'],
  directives: ['slurm', 'pbs'],
  partition: ['slurm'],
  qos: ['slurm'],
  queue: ['pbs'],
};

/** Reads one entry of `sources:`. */
export function readSource(fields: Fields, keySpan: Span): SourceFields {
  const type = fields.oneOf('type', TYPES);
  const host = fields.text('host');
  if (!fields.node('type')) reportMissingType(fields, keySpan);
  if (type === 'ssh' && host === undefined) reportMissingHost(fields, keySpan);
  const source = {
    type,
    host,
    slots: fields.integer('slots', { min: 1 }),
    gpus: readGpus(fields, type),
    gpusPerTask: fields.integer('gpus_per_task', { min: 0 }),
    env: fields.textMap('env'),
    setup: fields.texts('setup'),
    condaEnv: fields.text('conda_env'),
    python: fields.text('python'),
    root: fields.text('root'),
    checkout: fields.text('checkout'),
    gpuType: fields.text('gpu_type'),
    walltimeSec: readDuration(fields, 'walltime'),
    cpus: fields.integer('cpus', { min: 1 }),
    memory: fields.text('memory'),
    account: fields.text('account'),
    modules: fields.texts('modules'),
    throttle: fields.integer('throttle', { min: 1 }),
    directives: fields.textMap('directives'),
    partition: fields.text('partition'),
    qos: fields.text('qos'),
    queue: fields.text('queue'),
  };
  fields.reportUnknown();
  if (type) reportMisplaced(fields, type);
  return withoutAbsent(source);
}

/** A number per task on a cluster; elsewhere the GPUs that may be used. */
function readGpus(fields: Fields, type: SourceType | undefined): readonly number[] | number | undefined {
  const node = fields.node('gpus');
  const isCluster = type === 'slurm' || type === 'pbs';
  if (node?.kind === 'list' && !isCluster) return fields.integers('gpus', { min: 0 });
  return fields.integer('gpus', { min: 0 });
}

function reportMissingType({ path, problems }: Fields, at: Span): void {
  const message = `\`${path}\` has no \`type\` here; it counts only if the other configuration file gives it one.`;
  problems.warning('missing-type', at, message, 'Add `type: local`, `ssh`, `slurm` or `pbs`.');
}

function reportMissingHost({ path, problems }: Fields, at: Span): void {
  const message = `\`${path}\` has no \`host\` here; it counts only if the other configuration file gives it one.`;
  problems.warning('missing-host', at, message, 'Add `host:` with an alias of ~/.ssh/config.');
}

function reportMisplaced({ map, path, problems }: Fields, type: SourceType): void {
  for (const { key, keySpan } of map.entries) {
    const types = ONLY_FOR[key];
    if (!types || types.includes(type)) continue;
    const message = `\`${path}.${key}\` means nothing for a source of type \`${type}\`, so it is ignored.`;
    problems.warning('misplaced-key', keySpan, message, `It is a key of ${types.join(' and ')} sources.`);
  }
}
