import { bundleProgram } from './bundle';
import type { Bench, Contender } from './contender';
import { measureCommand } from './measureCommand';
import { benchRoot } from './workDir';

/** Which hosts and which tasks: words that `scheduleProgram.ts` takes. */
export interface ScheduleShape {
  readonly hosts: 'equal' | 'unequal';
  readonly work: 'equal' | 'tailed';
  readonly count: number;
  readonly tasks: number;
}

/**
 * How long a sweep takes on hosts that differ, in simulated time, with the engine's own decisions. Durations of a round
 * are drawn from its number. The times are those of the schedule; processor time is that of program and simulation.
 */
export async function scheduleBench(shape: ScheduleShape): Promise<Bench> {
  const { hosts, work, count, tasks } = shape;
  const program = await bundleProgram('scheduleProgram.ts');
  const contender = (
    way: string,
    name: string,
    note: string,
    role: Pick<Contender, 'isLimit' | 'isReference'> = {},
  ): Contender => {
    let round = 0;
    return {
      name,
      note,
      units: tasks,
      ...role,
      run: async () => {
        round += 1;
        const words = [way, hosts, work, String(count), String(tasks), String(round)];
        const { output, cpuMs, peakMiB } = await measureCommand(['node', program, ...words], benchRoot());
        const { wallMs } = JSON.parse(output) as { wallMs: number };
        return { wallMs, cpuMs, peakMiB };
      },
    };
  };
  const kind = work === 'equal' ? 'equally long' : 'long-tailed';
  return {
    name: `schedule of ${tasks.toLocaleString('en')} ${kind} tasks on ${count} ${hosts} hosts (simulated)`,
    unit: 'task',
    contenders: [
      contender('bound', 'limit: lower bound', 'all slots busy to the end, or the longest task by itself', {
        isLimit: true,
      }),
      contender(
        'pull',
        'one central queue',
        'each free slot takes the next task at once, which no network allows',
        {
          isReference: true,
        },
      ),
      contender('split', 'split by hand', 'each host gets its part of the list by its slots'),
      contender('handover', 'engine without stealing', 'what was handed over stays; looks every 2 s'),
      contender('steal', 'engine', 'unstarted tasks are taken back for hosts that run dry; looks every 2 s'),
    ],
    missing: [],
  };
}
