import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measure } from './contender';

const MEASURE = fileURLToPath(new URL('measure.py', import.meta.url));

/** What the measuring process itself needs before it becomes the command: no smaller figure can be told. */
const RESOLVED_MIB = 16;

/** A measured run with what the command printed, both outputs together. */
export interface MeasuredCommand extends Measure {
  readonly output: string;
}

/**
 * Runs a command with its processor time counted, orphans included.
 *
 * @throws Error with the end of its output when it does not end with 0
 */
export async function measureCommand(argv: readonly string[], cwd: string): Promise<MeasuredCommand> {
  const dir = await mkdtemp(join(tmpdir(), 'hsm-measure-'));
  try {
    const [result, printed] = [join(dir, 'result.json'), join(dir, 'output')];
    await promisify(execFile)('python3', [MEASURE, result, printed, ...argv], { cwd });
    const { exitCode, complete, peakMiB, ...measure } = JSON.parse(
      await readFile(result, 'utf8'),
    ) as Measure & {
      exitCode: number;
      complete: boolean;
    };
    const output = await readFile(printed, 'utf8');
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${output.slice(-2000)}`);
    if (!complete) throw new Error(`${argv.join(' ')} left processes behind that do not end.`);
    return { ...measure, ...(peakMiB !== undefined && peakMiB > RESOLVED_MIB && { peakMiB }), output };
  } finally {
    await rm(dir, { recursive: true });
  }
}
