import type { StoredTask } from '../engine/sweepStore';
import type { Expansion } from '../sweep/expand';
import { parameterHash } from '../sweep/parameterHash';
import { buildCommand } from '../sweep/taskCommand';
import { taskName } from '../sweep/taskName';
import type { ProjectSettings } from './config';
import type { ProjectPorts } from './projectPorts';
import type { SweepSession } from './sweepSession';

/**
 * Writes down the combinations of a sweep file that a sweep does not have yet, behind those it has.
 *
 * @returns how many tasks there are now, and how many of them its state does not have: also those that an interrupted
 *   extension had written down
 */
export async function appendFreshTasks(
  session: SweepSession,
  expansion: Expansion,
  ports: Pick<ProjectPorts, 'path'>,
): Promise<{ readonly added: number; readonly total: number }> {
  const known = new Set<string>();
  let last = 0;
  for await (const task of session.store.allTasks()) {
    known.add(task.hash);
    last = task.number;
  }
  const fresh = [...freshTasks(session, expansion, ports, known, last)];
  await session.store.appendTasks(fresh);
  const total = last + fresh.length;
  return { added: total - session.state.tasks.total, total };
}

function* freshTasks(
  { manifest, sweep, store }: SweepSession,
  expansion: Expansion,
  { path }: Pick<ProjectPorts, 'path'>,
  known: ReadonlySet<string>,
  last: number,
): Generator<StoredTask> {
  let number = last;
  for (const parameters of expansion) {
    const hash = parameterHash(parameters);
    if (known.has(hash)) continue;
    number++;
    const name = taskName(number, manifest.total);
    const taskDir = path.join(store.dir, 'tasks', name);
    const project = manifest.project as unknown as ProjectSettings;
    const { argv } = buildCommand({ sweep, project, parameters, number, name, taskDir });
    yield { number, name, parameters, argv, hash };
  }
}
