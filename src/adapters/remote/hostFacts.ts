import { foreignLine } from '../../core/analysis/foreignLine';
import { HsmError } from '../../core/base/errors';
import { parseNvidiaSmi, type Gpu } from '../../core/compute/gpuSlots';
import type { Host } from '../../core/compute/host';
import script from './facts.sh';
import { expandRemotePath, variablesIn } from './remotePath';

/** A graphics card there, with who computes on it. */
export interface UsedGpu extends Gpu {
  /** e.g. `ada: python3 (4711)`. */
  readonly users: readonly string[];
}

/** What a host tells of itself in one round trip. */
export interface HostFacts {
  /** Name it has for itself. */
  readonly hostName: string;
  /** As `uname -s` tells, e.g. `Linux`. */
  readonly system: string;
  /** `HOME`, and the variables that the paths asked about name, as commands there see them. */
  readonly variables: ReadonlyMap<string, string>;
  /** Milliseconds since 1970 on its clock. */
  readonly timeMs: number;
  readonly cores: number;
  readonly loadOneMinute?: number;
  readonly memory?: { readonly freeBytes: number; readonly totalBytes: number };
  /** Of the file system of the root, or of its nearest directory that is there. */
  readonly disk?: { readonly freeBytes: number; readonly totalBytes: number };
  readonly inodes?: { readonly free: number; readonly total: number };
  /** The nearest directory to the root that is there, if the user may not write in it. */
  readonly readOnlyDir?: string;
  readonly hasCheckout: boolean;
  /** Name → path. */
  readonly tools: ReadonlyMap<string, string>;
  /** Name → first line of what it says of its version. */
  readonly versions: ReadonlyMap<string, string>;
  readonly gpus: readonly UsedGpu[];
  /** There is an `nvidia-smi`, but it tells of no GPU: what it says, as a sentence. */
  readonly gpuTrouble?: string;
}

/** Paths on a host as the configuration writes them. */
export interface ConfiguredPaths {
  readonly root: string;
  readonly checkout?: string;
}

/** What a host told, and the paths as they are there. */
export interface KnownHost {
  readonly facts: HostFacts;
  /** Absolute. */
  readonly root: string;
  readonly checkout?: string;
}

/** The same, with what only a question by itself tells. */
export interface TimedHost extends KnownHost {
  /** Of a round trip that does next to nothing, milliseconds. */
  readonly latencyMs: number;
  /** How far the clock there is ahead of this one, milliseconds; right to half of the latency. */
  readonly clockOffsetMs: number;
}

/**
 * Asks a host about itself and expands the paths. One round trip; two where a path has variables.
 *
 * @param source - its name, for messages
 * @throws HsmError `host.unreachable`, `host.refused`; `command.failed` when there is no usable `sh`; `input.invalid`
 *   when a path cannot be expanded there
 */
export async function askHost(
  host: Host,
  source: string,
  { root, checkout }: ConfiguredPaths,
  signal: AbortSignal,
): Promise<KnownHost> {
  const first = await askOnce(host, { root, ...(checkout !== undefined && { checkout }) }, signal);
  const { variables } = first.facts;
  const paths = {
    root: expandRemotePath(root, variables, `the root of the source "${source}"`),
    ...(checkout !== undefined && {
      checkout: expandRemotePath(checkout, variables, `the checkout of the source "${source}"`),
    }),
  };
  const hasVariables = variablesIn(`${root} ${checkout ?? ''}`).length > 0;
  const { facts } = hasVariables ? await askOnce(host, paths, signal) : first;
  return { facts, ...paths };
}

/**
 * Measures how far away a host is, and its clock. One round trip, by itself: the look at the host takes its time there,
 * and may have had to connect first.
 *
 * @throws HsmError `host.unreachable`, `host.refused`
 */
export async function timeHost(host: Host, known: KnownHost, signal: AbortSignal): Promise<TimedHost> {
  const sentAt = Date.now();
  const began = performance.now();
  const { stdout } = await host.run(['date', '+%s%N'], signal);
  const latencyMs = performance.now() - began;
  const thereMs = /^\d/.test(stdout) ? toMs(stdout) : known.facts.timeMs;
  return { ...known, latencyMs, clockOffsetMs: thereMs - (sentAt + latencyMs / 2) };
}

async function askOnce(
  host: Host,
  { root, checkout = '' }: ConfiguredPaths,
  signal: AbortSignal,
): Promise<Pick<KnownHost, 'facts'>> {
  const argv = ['sh', '-s', '--', root, checkout, ...variablesIn(root), ...variablesIn(checkout)];
  const { stdout, stderr, exitCode } = await host.run(argv, signal, { stdin: script });
  if (stdout.endsWith('end\n')) return { facts: parseFacts(stdout) };
  const words = stderr.trim() || 'its shell ended early';
  throw new HsmError('command.failed', `${host.label} does not tell of itself: ${words}`, {
    argv,
    exitCode,
    stderr,
  });
}

/**
 * Reads what `facts.sh` prints, e.g.
 *
 * ```
 * var HOME /home/ada
 * host gpubox
 * time 1795331243120000000        without nanoseconds where `date` has none: 1795331243N
 * memory 16000000 32000000        KiB: free, total
 * disk 1000000 2000000            KiB: free, total
 * tool rsync /usr/bin/rsync
 * version rsync rsync  version 3.2.7  protocol version 31
 * gpu 0, NVIDIA A100-SXM4-40GB, 38200, 40960, 97        or what nvidia-smi says in place of rows
 * uuid 0, GPU-7c8d…
 * app GPU-7c8d… 4711 ada python3
 * ```
 */
export function parseFacts(stdout: string): HostFacts {
  const facts = new Map<string, string[]>();
  for (const line of stdout.split('\n')) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    const name = line.slice(0, space);
    facts.set(name, [...(facts.get(name) ?? []), line.slice(space + 1)]);
  }
  const one = (name: string): string => facts.get(name)?.[0] ?? '';
  const all = (name: string): readonly string[] => facts.get(name) ?? [];
  const memory = pairOf(one('memory'));
  const disk = pairOf(one('disk'));
  const inodes = pairOf(one('inodes'));
  const tools = new Map(all('tool').map(splitOnce));
  const gpus = parseGpus(all('gpu'), all('uuid'), all('app'));
  const isBlind = tools.has('nvidia-smi') && gpus.length === 0;
  return {
    hostName: one('host'),
    system: one('system'),
    variables: new Map(all('var').map(splitOnce)),
    timeMs: toMs(one('time')),
    cores: Math.max(1, Number(one('cores')) || 1),
    ...(one('load') !== '' && { loadOneMinute: Number(one('load')) }),
    ...(memory && { memory: { freeBytes: memory[0] * 1024, totalBytes: memory[1] * 1024 } }),
    ...(disk && { disk: { freeBytes: disk[0] * 1024, totalBytes: disk[1] * 1024 } }),
    // File systems without a fixed number of inodes tell 0 of 0.
    ...(inodes && inodes[1] > 0 && { inodes: { free: inodes[0], total: inodes[1] } }),
    ...(facts.has('readonly') && { readOnlyDir: one('readonly') }),
    hasCheckout: facts.has('checkout'),
    tools,
    versions: new Map(all('version').map(splitOnce)),
    gpus,
    ...(isBlind && { gpuTrouble: gpuTrouble(all('gpu')) }),
  };
}

function gpuTrouble(words: readonly string[]): string {
  const said = words.map((line) => foreignLine(line).trim()).filter(Boolean);
  if (said.length === 0) return 'nvidia-smi there shows none.';
  return `nvidia-smi there says: ${said.slice(0, 5).join(' ').replace(/[.]?$/, '.')}`;
}

function parseGpus(rows: readonly string[], uuids: readonly string[], apps: readonly string[]): UsedGpu[] {
  const uuidOf = new Map(
    uuids.map((row) => row.split(',')).map(([index = '', uuid = '']) => [Number(index), uuid.trim()]),
  );
  return parseNvidiaSmi(rows.join('\n')).map((gpu) => {
    const users = apps.map((app) => app.split(' ')).filter(([uuid]) => uuid === uuidOf.get(gpu.index));
    const texts = users.map(
      ([, pid = '', user = '', ...name]) => `${user}: ${baseName(name.join(' '))} (${pid})`,
    );
    return { ...gpu, free: gpu.free && texts.length === 0, users: texts };
  });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function splitOnce(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}

function pairOf(text: string): [number, number] | undefined {
  const [first = '', second = ''] = text.split(' ');
  return /^\d+$/.test(first) && /^\d+$/.test(second) ? [Number(first), Number(second)] : undefined;
}

/** A `date` without `%N` prints the letter, or leaves it. */
function toMs(text: string): number {
  const digits = /^\d+/.exec(text)?.[0] ?? '0';
  return digits.length > 12 ? Number(digits.slice(0, -6)) : Number(digits) * 1000;
}
