import type { SlotWait, SourceStatus } from '../../core/compute/computeSource';

/** What the runner's `probe` found. */
export interface ProbeReport {
  readonly runner: SourceStatus['runner'];
  readonly waiting?: SlotWait;
  readonly trouble?: string;
}

/**
 * Reads the answer of `probe`: lines of a word and its value, e.g.
 *
 * ```
 * lanes 2
 * live 1
 * foreign 0
 * waiting 1 sweep_20261122_101500
 * main 1
 * work 1
 * paused 0
 * trouble The disk under /data is full.
 * ```
 */
export function parseProbe(stdout: string): ProbeReport {
  const values = new Map(stdout.split('\n').map(toPair));
  const isSet = (key: string): boolean => Number(values.get(key) ?? 0) > 0;
  const trouble = values.get('trouble') ?? (isSet('foreign') ? FOREIGN : undefined);
  const waiting = toWait(values.get('waiting'));
  return {
    runner: toRunnerState(isSet),
    ...(waiting && { waiting }),
    ...(trouble !== undefined && { trouble }),
  };
}

/** What the runner's `news` tells: a probe, and the log from an offset on. */
export interface RunnerNews extends ProbeReport {
  /** Offset of the log's first byte in `log`: the one asked for, or 0 when the log is shorter than that. */
  readonly begin: number;
  /** Offset behind its last byte. */
  readonly end: number;
  readonly log: string;
}

/** Reads the answer of `news`: that of `probe`, a line `log BEGIN END`, and those bytes. Undefined when it is not one. */
export function parseNews(stdout: string): RunnerNews | undefined {
  const header = /^log (\d+) (\d+)\n/m.exec(stdout);
  if (header === null) return undefined;
  return {
    ...parseProbe(stdout.slice(0, header.index)),
    begin: Number(header[1]),
    end: Number(header[2]),
    log: stdout.slice(header.index + header[0].length),
  };
}

const FOREIGN =
  'Some tasks run on another machine that shares this directory. Whether they live can be seen only there.';

function toRunnerState(isSet: (key: string) => boolean): SourceStatus['runner'] {
  if (isSet('lanes') || isSet('live') || isSet('foreign')) return 'running';
  if (!isSet('work')) return 'idle';
  // A main process with work is about to start lanes, unless it may not.
  return isSet('main') && !isSet('paused') ? 'running' : 'stopped';
}

/** `1 sweep_20261122_101500`: slots, and the sweeps that use them. */
function toWait(value = ''): SlotWait | undefined {
  const [slots, ...sweeps] = value.split(' ');
  return Number(slots) > 0 ? { slots: Number(slots), sweeps } : undefined;
}

function toPair(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}
