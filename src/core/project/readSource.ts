import type { SourceType } from '../compute/computeSource';
import { readDuration, withoutAbsent } from '../sweep/readRun';
import type { Fields } from '../sweep/yaml/fields';
import type { Span } from '../sweep/yaml/yamlNode';
import type { CollectRules, SourceFields } from './sourceConfig';

const TYPES: readonly SourceType[] = ['local', 'ssh', 'slurm', 'pbs'];

/** Where each field means something; fields that are not listed mean something everywhere. */
const ONLY_FOR: Readonly<Record<string, readonly SourceType[]>> = {
  gpus_per_task: ['local', 'ssh'],
  host: ['ssh', 'slurm', 'pbs'],
  root: ['ssh', 'slurm', 'pbs'],
  checkout: ['ssh', 'slurm', 'pbs'],
  code: ['ssh', 'slurm', 'pbs'],
  transport: ['ssh', 'slurm', 'pbs'],
  cleanup: ['ssh', 'slurm', 'pbs'],
  collect: ['ssh', 'slurm', 'pbs'],
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
    root: readRemotePath(fields, 'root'),
    checkout: readRemotePath(fields, 'checkout'),
    code: fields.oneOf('code', ['snapshot', 'checkout']),
    transport: fields.oneOf('transport', ['auto', 'ssh2', 'openssh']),
    cleanup: fields.oneOf('cleanup', ['never', 'verified']),
    collect: readCollect(fields.fields('collect')),
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

/** A path on a host. A relative one would mean what its login happens to begin in. */
function readRemotePath(fields: Fields, key: string): string | undefined {
  const path = fields.text(key);
  const node = fields.node(key);
  if (path === undefined || !node || /^[/~$]/u.test(path)) return path;
  fields.bad(key, node, 'a path that begins with `/`, `~/` or a variable', `Write \`~/${path}\`.`);
  return undefined;
}

function readCollect(fields: Fields | undefined): CollectRules | undefined {
  if (!fields) return undefined;
  const rules: CollectRules = withoutAbsent({
    include: fields.texts('include'),
    exclude: fields.texts('exclude'),
    maxBytes: readSize(fields, 'max_size'),
  });
  fields.reportUnknown();
  return rules;
}

const UNITS = 'KMGT';

/** A size in bytes, e.g. `500M`, `1.5 GiB` or `1000`; steps of 1024. */
function readSize(fields: Fields, key: string): number | undefined {
  const text = fields.text(key);
  const node = fields.node(key);
  if (text === undefined || !node) return undefined;
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  if (number !== undefined)
    return Math.round(Number(number) * 1024 ** (UNITS.indexOf(unit.toUpperCase() || '-') + 1));
  fields.bad(key, node, 'a size such as `500M` or `2G`');
  return undefined;
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
