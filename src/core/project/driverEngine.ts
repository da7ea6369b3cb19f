import type {
  AttemptRef,
  CollectionProgress,
  ComputeSource,
  Placement,
  SweepContext,
  TaskSpec,
} from '../compute/computeSource';
import { kindredSignature } from '../analysis/signature';
import { SweepEngine } from '../engine/sweepEngine';
import type { SweepSnapshot } from '../engine/sweepState';
import type { DriverLock } from '../engine/sweepStore';
import { buildCommand } from '../sweep/taskCommand';
import type { ProjectSettings } from './config';
import type { ProjectPorts } from './projectPorts';
import type { SourceConfig } from './sourceConfig';
import { sourceContext } from './sourceContext';
import { SweepArtefacts } from './sweepArtefacts';
import type { SweepSession } from './sweepSession';

/**
 * The sources of a sweep as its manifest has them; nothing is asked of them yet.
 *
 * @param only - the name of the one that is wanted; default: all
 */
export function createSources(session: SweepSession, ports: ProjectPorts, only?: string): ComputeSource[] {
  return session.sources
    .filter(({ name }) => only === undefined || name === only)
    .map(({ name, config }) => ports.createSource(name, config as unknown as SourceConfig));
}

/** What an engine has of its driver. */
export interface DriverParts {
  readonly fetchEvidence: (source: string, tasks: readonly number[]) => Promise<void>;
  /** Moves out of the way what attempts on other sources left here, and calls off what of theirs is on its way. */
  readonly makeRoom: (tasks: readonly number[]) => Promise<void>;
  readonly onCodeProgress: (source: string, progress: CollectionProgress | undefined) => void;
}

/** Makes the engine that drives a sweep from here. It has the lock, and lets go of it in the end. */
export function createEngine(
  session: SweepSession,
  lock: DriverLock,
  snapshot: SweepSnapshot,
  ports: ProjectPorts,
  { fetchEvidence, makeRoom, onCodeProgress }: DriverParts,
): SweepEngine {
  return new SweepEngine({
    store: session.store,
    lock,
    snapshot,
    sweepId: session.id,
    contextOf: (source): SweepContext => ({
      ...sourceContext(session, source, ports),
      onCodeProgress: (progress) => {
        onCodeProgress(source, progress);
      },
    }),
    sources: createSources(session, ports),
    joinSource: (name) => createSources(session, ports, name)[0],
    specs: async (tasks, source, placement) => {
      // Others bring files here; a source of this machine writes them here itself, and needs the room before.
      if (isLocal(session, source)) await makeRoom(tasks.map(({ task }) => task));
      return taskSpecs(session, tasks, source, placement);
    },
    // A name with a number in it, as of a subject, does not make a failure one that only this source shows.
    causeOf: async (task) =>
      kindredSignature((await new SweepArtefacts(session, ports).failure(task)).signature),
    fetchEvidence,
    clock: ports.clock,
    log: ports.log,
    process: ports.process,
  });
}

function isLocal({ sources }: SweepSession, source: string): boolean {
  return sources.some(({ name, type }) => name === source && type === 'local');
}

/** What is handed to a source: the stored combination with the command as it is there. */
async function taskSpecs(
  session: SweepSession,
  tasks: readonly AttemptRef[],
  source: string,
  placement: Placement,
): Promise<TaskSpec[]> {
  const { manifest, sweep, store } = session;
  const config = session.sources.find(({ name }) => name === source)?.config as SourceConfig | undefined;
  const settings = manifest.project as unknown as ProjectSettings;
  const project = config?.python === undefined ? settings : { ...settings, python: config.python };
  const stored = await store.readTasks(tasks.map(({ task }) => task));
  return stored.map(({ number, name, parameters }, index): TaskSpec => {
    const taskDir = `${placement.tasksDir}/${name}`;
    const { argv, env, paramsYaml } = buildCommand({ sweep, project, parameters, number, name, taskDir });
    const { timeLimitSec, memory } = session.state.resources.of(number) ?? {};
    return {
      ...{ task: number, attempt: tasks[index]?.attempt ?? 1, name, argv, env, paramsYaml },
      ...(timeLimitSec === undefined ? {} : { timeoutSec: timeLimitSec }),
      ...(memory === undefined ? {} : { memory }),
    };
  });
}
