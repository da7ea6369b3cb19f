import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { benchRoot } from './workDir';

/** What the figures were measured on. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly python: string;
  /** Where the contenders worked, see {@link benchRoot}. */
  readonly directory: string;
}

export function describeMachine(): Machine {
  return {
    system: `${type()} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    python: execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim(),
    directory: benchRoot(),
  };
}

/** Over one minute: what else ran while the figures were taken. */
export function currentLoad(): number {
  return Math.round((loadavg()[0] ?? NaN) * 100) / 100;
}

/** Whether a program is in PATH. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
