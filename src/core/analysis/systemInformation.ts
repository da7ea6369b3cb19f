import { redactSecrets, redactValue } from './redact';

/** A disk, as `df -Pk` tells it. Bytes. */
export interface DiskUse {
  readonly mount: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** A graphics card, as nvidia-smi tells it. */
export interface GpuUse {
  readonly index: number;
  readonly name: string;
  readonly usedMiB: number;
  readonly totalMiB: number;
}

/** A process, as ps tells it. Only the name of its program: arguments may hold secrets. */
export interface ProcessUse {
  readonly pid: number;
  readonly user: string;
  readonly residentBytes: number;
  readonly cpuPercent: number;
  readonly command: string;
}

/** A look at the machine that was taken for another task, whose failure was so near that it tells of this one, too. */
export interface SharedLook {
  /** Name of that task. */
  readonly task: string;
  /** How long before this failure, in milliseconds; negative: after it. */
  readonly beforeMs: number;
}

/** The machine at the moment when a task failed. What could not be found out is absent or empty. */
export interface SystemInformation {
  /** Present when the look was taken for the failure of another task. */
  readonly shared?: SharedLook;
  readonly host?: string;
  readonly os?: string;
  /** Milliseconds since 1970 on that machine. */
  readonly takenAtMs?: number;
  /** Those that take the task's directory, /tmp and shared memory. */
  readonly disks: readonly DiskUse[];
  readonly memory?: {
    readonly totalBytes: number;
    readonly availableBytes: number;
    readonly swapFreeBytes?: number;
  };
  readonly gpus: readonly GpuUse[];
  /** The ones with the most memory, the biggest first. */
  readonly processes: readonly ProcessUse[];
  /** Limits of the system, e.g. `open files` → `1024`. */
  readonly limits: Readonly<Record<string, string>>;
  /** Variables that tell which environment it was, e.g. `CONDA_DEFAULT_ENV`. */
  readonly environment: Readonly<Record<string, string>>;
}

const KIB = 1024;

/**
 * Reads what the runner wrote down: sections that begin with `== name`, each with the plain output of a standard tool.
 *
 * ```
 * == shared
 * task_0030 400
 * CUDA_VISIBLE_DEVICES=1
 * == host
 * gpu03 Linux 6.1.0 x86_64 1795331250
 * == disk
 * Filesystem 1024-blocks Used Available Capacity Mounted on
 * /dev/sda1 103080888 91234567 6543210 94% /scratch
 * == memory
 * MemTotal:       32780000 kB
 * MemAvailable:     512000 kB
 * == gpu
 * 0, NVIDIA A100-SXM4-40GB, 39812, 40960
 * == processes
 *  4711 ada 31457280 99.5 python
 * == limits
 * open files 1024
 * == environment
 * CONDA_DEFAULT_ENV=ml
 * ```
 *
 * `shared` is there when the rest was found for another task, the given milliseconds before. A line that is not
 * understood is passed over.
 *
 * @param secrets - what must not be told wherever it stands
 */
export function parseSystemInformation(text: string, secrets?: readonly string[]): SystemInformation {
  const sections = readSections(redactSecrets(text, secrets));
  const lines = (name: string): readonly string[] => sections.get(name) ?? [];
  return {
    ...parseShared(lines('shared')[0]),
    ...parseHost(lines('host')[0]),
    disks: distinct(lines('disk').flatMap(parseDisk)),
    ...parseMemory(lines('memory')),
    gpus: lines('gpu').flatMap(parseGpu),
    processes: lines('processes').flatMap(parseProcess),
    limits: Object.fromEntries(lines('limits').flatMap(parseLimit)),
    environment: environmentOf(lines('environment'), lines('shared').slice(1)),
  };
}

/** @param own - of the task itself, where the rest is of another one; an empty value: it has none */
function environmentOf(lines: readonly string[], own: readonly string[]): Record<string, string> {
  const all = [...lines, ...own].flatMap(parseVariable);
  return Object.fromEntries([...new Map(all)].filter(([, value]) => value !== ''));
}

function parseShared(line: string | undefined): Pick<SystemInformation, 'shared'> {
  const [, task, beforeMs] = /^(\S+) (-?\d+)$/u.exec(line ?? '') ?? [];
  return task === undefined ? {} : { shared: { task, beforeMs: Number(beforeMs) } };
}

/**
 * The text for {@link parseSystemInformation} of a task that shares the look that was taken for another one, from the
 * records of its attempts. Undefined when this attempt's has none.
 *
 * `{"attempt":1,"exitCode":1,"machine":{"task":"task_0030","beforeMs":400,"gpus":"","text":"== host\\n…"}}`
 */
export function sharedLook(records: string, attempt: number): string | undefined {
  const line = records
    .split('\n')
    .findLast((text) => text.startsWith(`{"attempt":${attempt},`) && text.includes('"machine":'));
  const look = line === undefined ? undefined : parseLook(line);
  if (!look) return undefined;
  const { task, beforeMs, gpus, text } = look;
  return `== attempt ${attempt}\n== shared\n${task} ${beforeMs}\nCUDA_VISIBLE_DEVICES=${gpus}\n${text}`;
}

function parseLook(
  line: string,
):
  | { readonly task: string; readonly beforeMs: number; readonly gpus: string; readonly text: string }
  | undefined {
  try {
    const { machine } = JSON.parse(line) as { readonly machine?: Readonly<Record<string, unknown>> };
    const { task, beforeMs, gpus, text } = machine ?? {};
    if (typeof task !== 'string' || typeof beforeMs !== 'number') return undefined;
    return typeof gpus === 'string' && typeof text === 'string' ? { task, beforeMs, gpus, text } : undefined;
  } catch (error) {
    // Torn by a kill or a full disk.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readSections(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^== (\w+)$/u.exec(line)?.[1];
    if (name === undefined) current.push(line);
    else sections.set(name, (current = []));
  }
  return sections;
}

function parseHost(line: string | undefined): Pick<SystemInformation, 'host' | 'os' | 'takenAtMs'> {
  const [, host, os, seconds] = /^(\S+) (.+) (\d+)$/u.exec(line ?? '') ?? [];
  return host === undefined || os === undefined ? {} : { host, os, takenAtMs: Number(seconds) * 1000 };
}

function parseDisk(line: string): DiskUse[] {
  const [, total, free, mount] = /^.+? +(\d+) +\d+ +(-?\d+) +\S+ +(\/.*)$/u.exec(line) ?? [];
  if (mount === undefined) return [];
  return [{ mount, totalBytes: Number(total) * KIB, freeBytes: Math.max(0, Number(free)) * KIB }];
}

/** The task's directory and /tmp are often on one disk. */
function distinct(disks: readonly DiskUse[]): DiskUse[] {
  return [...new Map(disks.map((disk) => [disk.mount, disk])).values()];
}

function parseMemory(lines: readonly string[]): Pick<SystemInformation, 'memory'> {
  const values = new Map(
    lines.flatMap((line): [string, number][] => {
      const [, name, amount] = /^(\w+): +(\d+) kB$/u.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(amount) * KIB]];
    }),
  );
  const total = values.get('MemTotal');
  const available = values.get('MemAvailable');
  if (total === undefined || available === undefined) return {};
  const swap = values.get('SwapFree');
  return {
    memory: {
      totalBytes: total,
      availableBytes: available,
      ...(swap === undefined ? {} : { swapFreeBytes: swap }),
    },
  };
}

function parseGpu(line: string): GpuUse[] {
  const [, index, name, used, total] = /^(\d+), (.+), (\d+), (\d+)$/u.exec(line) ?? [];
  if (name === undefined) return [];
  return [{ index: Number(index), name, usedMiB: Number(used), totalMiB: Number(total) }];
}

function parseProcess(line: string): ProcessUse[] {
  const [, pid, user, resident, cpu, command] =
    /^ *(\d+) +(\S+) +(\d+) +([\d.]+) +(.+?) *$/u.exec(line) ?? [];
  if (user === undefined || command === undefined) return [];
  return [
    { pid: Number(pid), user, residentBytes: Number(resident) * KIB, cpuPercent: Number(cpu), command },
  ];
}

function parseLimit(line: string): [string, string][] {
  const [, name, value] = /^(.+) (\S+)$/u.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}

function parseVariable(line: string): [string, string][] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/u.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [[name, redactValue(name, value)]];
}
