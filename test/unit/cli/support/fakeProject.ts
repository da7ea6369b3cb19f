import type { CliProject, ExpandedFile } from '../../../../src/cli/cliProject';
import type { CommandContext } from '../../../../src/cli/commandContext';
import type { FailureGroup, TaskFailure } from '../../../../src/core/analysis/failure';
import type { HsmError } from '../../../../src/core/base/errors';
import { Emitter } from '../../../../src/core/base/event';
import { unlessAborted } from '../../../../src/core/base/unlessAborted';
import type { CollectionReport } from '../../../../src/core/compute/computeSource';
import type { ResourceChange } from '../../../../src/core/engine/resourceChange';
import type { DriverInfo } from '../../../../src/core/engine/sweepStore';
import { isSweepOver } from '../../../../src/core/engine/taskState';
import type {
  Change,
  CleanPlan,
  Preflight,
  RerunChoice,
  SourceSummary,
  StartOptions,
  SweepPreview,
  SweepSummary,
  TaskDetails,
  TaskPlace,
  TaskQuery,
  TaskSummary,
} from '../../../../src/core/facade';
import { buildResultTable } from '../../../../src/core/results/buildResultTable';
import type { ResultTable } from '../../../../src/core/results/resultTable';
import type { Problem } from '../../../../src/core/sweep/problem';
import { ManualClock } from '../../../support/manualClock';
import { MemoryOutput } from './memoryOutput';
import { FakeHosts } from '../../../support/fakeHosts';
import { FakeSync } from '../../../support/fakeSync';
import { FakeResults } from '../../../support/fakeResults';

/** A project whose sweeps are what a test says. Verbs are written down; hooks let them have effects. */
export class FakeProject implements CliProject {
  readonly projectDir = '/project';
  private readonly changed = new Emitter<Change>();
  readonly onDidChange = this.changed.event;
  readonly calls: unknown[][] = [];
  list: SweepSummary[] = [];
  taskList: TaskSummary[] = [];
  sourceList: SourceSummary[] = [];
  groups: FailureGroup[] = [];
  table: ResultTable = buildResultTable([]);
  expanded: ExpandedFile = { problems: [], count: 0, tasks: () => [] };
  checked: Problem[] = [];
  driver: 'driving' | 'over' | DriverInfo = 'driving';
  reports = new Map<string, CollectionReport>();
  added = 0;
  /** Resolves when results of sweeps that are over are here. */
  home: Promise<void> = Promise.resolve();
  /** Where tasks have their logs; default: in their directories. */
  logs: Partial<Pick<TaskDetails, 'stdout' | 'stderr'>> = {};
  /** Called with every verb, by its name. */
  onVerb: (verb: string) => void | Promise<void> = () => undefined;

  sweeps(): readonly SweepSummary[] {
    return this.list;
  }

  sweep(id: string): SweepSummary | undefined {
    return this.list.find((sweep) => sweep.id === id);
  }

  tasks(_sweepId: string, { states, offset = 0, limit = Infinity }: TaskQuery = {}): readonly TaskSummary[] {
    return this.taskList
      .filter(({ state }) => !states || states.includes(state))
      .slice(offset, offset + limit);
  }

  task(sweepId: string, task: number): Promise<TaskDetails> {
    const summary = this.taskList.find(({ number }) => number === task);
    if (!summary) throw new Error(`no task ${task}`);
    const dir = `/project/outputs/${sweepId}/tasks/${summary.name}`;
    const files = { dir, stdout: `${dir}/stdout.log`, stderr: `${dir}/stderr.log`, ...this.logs };
    return Promise.resolve({
      ...summary,
      sweepId,
      parameters: { lr: 0.1 },
      argv: ['python3', 'train.py', 'lr=0.1'],
      ...files,
    });
  }

  failure(sweepId: string, task: number): Promise<TaskFailure> {
    const summary = this.taskList.find(({ number }) => number === task);
    if (!summary) throw new Error(`no task ${task}`);
    const dir = `/project/outputs/${sweepId}/tasks/${summary.name}`;
    return Promise.resolve({
      task,
      name: summary.name,
      state: summary.state,
      attempt: summary.attempt,
      title: 'ValueError: learning rate must be positive',
      frames: [],
      signature: 'ValueError',
      stderrTail: ['ValueError: learning rate must be positive'],
      stdoutTail: [],
      stderrFile: `${dir}/stderr.log`,
      stdoutFile: `${dir}/stdout.log`,
    });
  }

  taskLaunch(): Promise<never> {
    return Promise.reject(new Error('the command line launches nothing by itself'));
  }

  codeAtLaunch(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  failureGroups(): Promise<readonly FailureGroup[]> {
    return Promise.resolve(this.groups);
  }

  results(): Promise<ResultTable> {
    return Promise.resolve(this.table);
  }

  resultsOf(): FakeResults {
    return new FakeResults(this.table);
  }

  collect(): Promise<ReadonlyMap<string, CollectionReport>> {
    return Promise.resolve(this.reports);
  }

  preview(): Promise<SweepPreview> {
    throw new Error('the command line does not preview');
  }

  check(): Promise<readonly Problem[]> {
    return Promise.resolve(this.checked);
  }

  isSweepFile(): boolean {
    return true;
  }

  expandFile(): Promise<ExpandedFile> {
    return Promise.resolve(this.expanded);
  }

  async start(file: string, options?: StartOptions): Promise<SweepSummary> {
    await this.did('start', file, options);
    const [newest] = this.list;
    if (!newest) throw new Error('the test has no sweep');
    return newest;
  }

  pause(sweepId: string): Promise<void> {
    return this.did('pause', sweepId);
  }

  resume(sweepId: string): Promise<void> {
    return this.did('resume', sweepId);
  }

  stop(sweepId: string): Promise<void> {
    return this.did('stop', sweepId);
  }

  cancel(sweepId: string, tasks?: readonly number[]): Promise<void> {
    return this.did('cancel', sweepId, ...(tasks ? [tasks] : []));
  }

  rerun(sweepId: string, choice: RerunChoice, change: ResourceChange = {}): Promise<void> {
    const isChanged = Object.keys(change).length > 0;
    return this.did('rerun', sweepId, choice, ...(isChanged ? [change] : []));
  }

  async extend(sweepId: string): Promise<number> {
    await this.did('extend', sweepId);
    return this.added;
  }

  setSlots(sweepId: string, source: string, slots: number): Promise<void> {
    return this.did('setSlots', sweepId, source, slots);
  }

  async drive(sweepId: string): Promise<'driving' | 'over' | DriverInfo> {
    await this.did('drive', sweepId);
    return this.driver;
  }

  async whenOver(sweepId: string, signal: AbortSignal): Promise<SweepSummary> {
    await unlessAborted(this.home, signal);
    const sweep = this.sweep(sweepId);
    if (!sweep || !isSweepOver(sweep.state)) throw new Error(`${sweepId} is not over`);
    return sweep;
  }

  /** Sources that cannot be asked. */
  unseen: ReadonlyMap<string, HsmError> = new Map();

  async observe(sweepId: string): Promise<ReadonlyMap<string, HsmError>> {
    await this.did('observe', sweepId);
    return this.unseen;
  }

  settle(sweepId: string): Promise<void> {
    return this.did('settle', sweepId);
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

  readTaskLog: CliProject['readTaskLog'] = () => Promise.resolve({ text: '', next: 0, end: 0 });

  addSource(name: string): Promise<void> {
    this.calls.push(['addSource', name]);
    return Promise.resolve();
  }

  cleanable(source: string): Promise<CleanPlan> {
    return Promise.resolve({ source, remove: [], keep: [] });
  }

  clean(name: string, plan: CleanPlan): Promise<CleanPlan> {
    this.calls.push(['clean', name]);
    return Promise.resolve(plan);
  }

  testSource(name: string): Promise<SourceSummary> {
    const source = this.sourceList.find((each) => each.name === name);
    if (!source) throw new Error(`no source ${name}`);
    return Promise.resolve(source);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Replaces a sweep and tells of it. */
  set(sweep: SweepSummary, tasks: readonly TaskSummary[] = this.taskList): void {
    this.list = [sweep, ...this.list.filter(({ id }) => id !== sweep.id)];
    this.taskList = [...tasks];
    this.changed.fire({ sweeps: new Map([[sweep.id, undefined]]) });
  }

  private async did(verb: string, ...args: readonly unknown[]): Promise<void> {
    this.calls.push([verb, ...args]);
    await this.onVerb(verb);
  }
}

export interface FakeContext extends CommandContext {
  readonly project: FakeProject;
  readonly out: MemoryOutput;
  readonly err: MemoryOutput;
  readonly clock: ManualClock;
  /** Presses Ctrl-C. */
  interrupt(): void;
}

/** A command's context in the folder `/project`, without a terminal unless asked for. */
export function fakeContext(options: { readonly terminal?: boolean } = {}): FakeContext {
  const abort = new AbortController();
  return {
    project: new FakeProject(),
    cwd: '/project',
    out: new MemoryOutput(),
    err: new MemoryOutput(options.terminal ?? false),
    interrupted: abort.signal,
    clock: new ManualClock(),
    interrupt: () => {
      abort.abort();
    },
  };
}
