import type { FailureGroup, TaskFailure } from '../../src/core/analysis/failure';
import { HsmError } from '../../src/core/base/errors';
import { Emitter } from '../../src/core/base/event';
import {
  TASK_STATES,
  type SweepState,
  type TaskCounts,
  type TaskState,
} from '../../src/core/engine/taskState';
import type {
  Change,
  CleanPlan,
  CodeAtLaunch,
  Preflight,
  RerunChoice,
  SourceSummary,
  StartOptions,
  SweepFacade,
  SweepPreview,
  SweepSummary,
  TaskDetails,
  TaskLaunch,
  TaskPlace,
  TaskQuery,
  TaskSummary,
} from '../../src/core/facade';
import type { ResourceChange } from '../../src/core/engine/resourceChange';
import { describeChange } from '../../src/core/engine/resourceText';
import type { FilePiece } from '../../src/core/compute/host';
import { buildResultTable } from '../../src/core/results/buildResultTable';
import type { ResultTable } from '../../src/core/results/resultTable';
import type { Problem } from '../../src/core/sweep/problem';
import { FakeHosts } from './fakeHosts';
import { FakeSync } from './fakeSync';
import { FakeResults } from './fakeResults';

interface FakeSweep {
  readonly about: SweepSummary;
  readonly tasks: TaskSummary[];
}

export interface FakeSweepOptions {
  readonly id?: string;
  readonly file?: string;
  readonly state?: SweepState;
  /** How many tasks of each state, numbered in this order. */
  readonly tasks?: Partial<Record<TaskState, number>>;
  readonly createdAtMs?: number;
  readonly endedAtMs?: number;
  readonly more?: Partial<SweepSummary>;
}

/** A verb that was called, as `pause lr_1`. */
export type Call = string;

/** The facade in memory: tests put sweeps in, change them, and see which verbs were called. */
export class FakeFacade implements SweepFacade {
  readonly projectDir = '/project';
  private readonly changed = new Emitter<Change>();
  readonly onDidChange = this.changed.event;

  readonly calls: Call[] = [];
  readonly sourceList: SourceSummary[] = [{ name: 'local', type: 'local', slots: 4, active: 0 }];
  readonly failures = new Map<string, TaskFailure>();
  groups: readonly FailureGroup[] = [];
  readonly codeAnswers = new Map<string, CodeAtLaunch>();
  previewAnswer: SweepPreview = { problems: [], count: 0, tasks: [] };
  resultAnswer: ResultTable = buildResultTable([]);
  problems: readonly Problem[] = [];
  private readonly sweepList: FakeSweep[] = [];

  /** Adds a sweep as the newest one and tells of it. */
  addSweep(options: FakeSweepOptions = {}): SweepSummary {
    const { id = 'lr_1', file = 'sweeps/lr.yaml', state = 'running', createdAtMs = 0, endedAtMs } = options;
    const tasks: TaskSummary[] = [];
    for (const taskState of TASK_STATES) {
      const count = options.tasks?.[taskState] ?? 0;
      for (let i = 0; i < count; i++) tasks.push(fakeTask(tasks.length + 1, taskState));
    }
    const about: SweepSummary = {
      id,
      dir: `/project/outputs/${id}`,
      file,
      state,
      total: tasks.length,
      counts: countStates([]),
      sources: ['local'],
      createdAtMs,
      driver: 'here',
      notes: [],
      ...(endedAtMs !== undefined && { endedAtMs }),
      ...options.more,
    };
    this.sweepList.unshift({ about, tasks });
    this.changed.fire({ sweepList: true });
    return this.known(id).summary;
  }

  /** Changes a task and tells of it. */
  setTask(sweepId: string, number: number, change: Partial<TaskSummary>): void {
    const { sweep } = this.known(sweepId);
    sweep.tasks[number - 1] = { ...fakeTask(number, 'waiting'), ...sweep.tasks[number - 1], ...change };
    this.changed.fire({ sweeps: new Map([[sweepId, [number]]]) });
  }

  /** Changes what is said of a sweep and tells of it. */
  setSweep(sweepId: string, change: Partial<SweepSummary>): void {
    const index = this.sweepList.findIndex(({ about }) => about.id === sweepId);
    const { sweep } = this.known(sweepId);
    this.sweepList[index] = { ...sweep, about: { ...sweep.about, ...change } };
    this.changed.fire({ sweeps: new Map([[sweepId, []]]) });
  }

  removeSweep(sweepId: string): void {
    this.sweepList.splice(
      this.sweepList.findIndex(({ about }) => about.id === sweepId),
      1,
    );
    this.changed.fire({ sweepList: true });
  }

  fire(change: Change): void {
    this.changed.fire(change);
  }

  sweeps(): readonly SweepSummary[] {
    return this.sweepList.map(summaryOf);
  }

  sweep(id: string): SweepSummary | undefined {
    return this.sweeps().find((sweep) => sweep.id === id);
  }

  tasks(sweepId: string, { states, offset = 0, limit = Infinity }: TaskQuery = {}): readonly TaskSummary[] {
    const { tasks } = this.sweepList.find(({ about }) => about.id === sweepId) ?? { tasks: [] };
    const wanted = states ? tasks.filter(({ state }) => states.includes(state)) : tasks;
    return wanted.slice(offset, offset + limit);
  }

  task(sweepId: string, number: number): Promise<TaskDetails> {
    const { sweep } = this.known(sweepId);
    const task = sweep.tasks[number - 1];
    if (!task) return Promise.reject(unknownInput(`${sweepId} has no task ${number}.`));
    const dir = `${sweep.about.dir}/tasks/${task.name}`;
    return Promise.resolve({
      ...task,
      sweepId,
      parameters: { lr: 0.1 },
      argv: ['python3', 'train.py', 'lr=0.1'],
      dir,
      stdout: `${dir}/stdout.log`,
      stderr: `${dir}/stderr.log`,
    });
  }

  preview(): Promise<SweepPreview> {
    return Promise.resolve(this.previewAnswer);
  }

  check(): Promise<readonly Problem[]> {
    return Promise.resolve(this.problems);
  }

  isSweepFile(_file: string, text: string): boolean {
    return text.includes('sweep:');
  }

  start(file: string, options: StartOptions = {}): Promise<SweepSummary> {
    this.calls.push(`start ${file} ${(options.sources ?? []).join()}`.trim());
    return Promise.resolve(this.addSweep({ file, tasks: { waiting: 1 } }));
  }

  pause(sweepId: string): Promise<void> {
    return this.called(`pause ${sweepId}`);
  }

  resume(sweepId: string): Promise<void> {
    return this.called(`resume ${sweepId}`);
  }

  stop(sweepId: string): Promise<void> {
    return this.called(`stop ${sweepId}`);
  }

  cancel(sweepId: string, tasks?: readonly number[]): Promise<void> {
    return this.called(`cancel ${[sweepId, ...(tasks ?? [])].join(' ')}`);
  }

  rerun(sweepId: string, choice: RerunChoice, change: ResourceChange = {}): Promise<void> {
    const what = choice.kind === 'tasks' ? choice.tasks.join(' ') : choice.kind;
    return this.called(`rerun ${sweepId} ${what}${describeChange(change)}`);
  }

  extend(sweepId: string): Promise<number> {
    this.calls.push(`extend ${sweepId}`);
    return Promise.resolve(0);
  }

  setSlots(sweepId: string, source: string, slots: number): Promise<void> {
    return this.called(`slots ${sweepId} ${source} ${slots}`);
  }

  failure(sweepId: string, task: number): Promise<TaskFailure> {
    const failure = this.failures.get(`${sweepId}/${task}`);
    return failure ? Promise.resolve(failure) : Promise.reject(unknownInput(`Task ${task} has no failure.`));
  }

  failureGroups(): Promise<readonly FailureGroup[]> {
    return Promise.resolve(this.groups);
  }

  async taskLaunch(sweepId: string, task: number): Promise<TaskLaunch> {
    const { argv } = await this.task(sweepId, task);
    return { argv, env: { HSM_TASK: String(task) }, cwd: this.projectDir };
  }

  codeAtLaunch(_sweepId: string, file: string): Promise<CodeAtLaunch | undefined> {
    return Promise.resolve(this.codeAnswers.get(file));
  }

  results(): Promise<ResultTable> {
    return Promise.resolve(this.resultAnswer);
  }

  resultsOf(): FakeResults {
    return new FakeResults(this.resultAnswer);
  }

  collect(): ReturnType<SweepFacade['collect']> {
    return Promise.resolve(new Map());
  }

  sources(): readonly SourceSummary[] {
    return this.sourceList;
  }

  readonly hosts = new FakeHosts();
  readonly sync = new FakeSync();

  found: Preflight = { findings: [], usable: [] };

  preflight(): Promise<Preflight> {
    return Promise.resolve(this.found);
  }

  taskPlace(): Promise<TaskPlace | undefined> {
    return Promise.resolve(undefined);
  }

  readTaskLog(): Promise<FilePiece> {
    return Promise.resolve({ text: '', next: 0, end: 0 });
  }

  addSource(name: string): Promise<void> {
    this.calls.push(`addSource ${name}`);
    return Promise.resolve();
  }

  cleanable(source: string): Promise<CleanPlan> {
    return Promise.resolve({ source, remove: [], keep: [] });
  }

  clean(name: string, plan: CleanPlan): Promise<CleanPlan> {
    this.calls.push(`clean ${name}`);
    return Promise.resolve(plan);
  }

  testSource(name: string): Promise<SourceSummary> {
    const source = this.sourceList.find((each) => each.name === name);
    return source ? Promise.resolve(source) : Promise.reject(unknownInput(`There is no source ${name}.`));
  }

  private called(call: Call): Promise<void> {
    this.calls.push(call);
    return Promise.resolve();
  }

  private known(sweepId: string): { sweep: FakeSweep; summary: SweepSummary } {
    const sweep = this.sweepList.find(({ about }) => about.id === sweepId);
    if (!sweep) throw unknownInput(`There is no sweep ${sweepId}.`);
    return { sweep, summary: summaryOf(sweep) };
  }
}

function summaryOf({ about, tasks }: FakeSweep): SweepSummary {
  return { ...about, counts: countStates(tasks), total: tasks.length };
}

function countStates(tasks: readonly TaskSummary[]): TaskCounts {
  const counts = { waiting: 0, queued: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, lost: 0 };
  for (const { state } of tasks) counts[state]++;
  return counts;
}

function fakeTask(number: number, state: TaskState): TaskSummary {
  const hasRun = state !== 'waiting' && state !== 'queued' && state !== 'cancelled';
  const hasEnded = hasRun && state !== 'running' && state !== 'lost';
  return {
    number,
    name: `task_${String(number).padStart(4, '0')}`,
    state,
    attempt: hasRun ? 1 : 0,
    ...(hasRun && { source: 'local', startedAtMs: 1000 }),
    ...(hasEnded && { endedAtMs: 13_000 }),
    ...(state === 'failed' && { exitCode: 1, reason: 'exit code 1' }),
  };
}

function unknownInput(message: string): HsmError<'input.invalid'> {
  return new HsmError('input.invalid', message, {});
}

/** A failure in the project's `train.py`. */
export function fakeFailure(task: number, more: Partial<TaskFailure> = {}): TaskFailure {
  const frame = { file: 'train.py', line: 88, function: 'main', localFile: '/project/train.py' };
  return {
    task,
    name: `task_${String(task).padStart(4, '0')}`,
    state: 'failed',
    attempt: 1,
    exitCode: 1,
    title: 'ValueError: learning rate must be positive',
    frames: [frame],
    culprit: frame,
    signature: 'ValueError@train.py:88',
    stderrTail: ['ValueError: learning rate must be positive'],
    stdoutTail: [],
    stderrFile: `/project/outputs/lr_1/tasks/task_${task}/stderr.log`,
    stdoutFile: `/project/outputs/lr_1/tasks/task_${task}/stdout.log`,
    ...more,
  };
}
