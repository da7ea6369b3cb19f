import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseRunnerLog } from '../../../src/core/compute/runnerLog';
import type { AttemptRecord } from '../../../src/core/compute/computeSource';
import { builtCli } from '../hsm/builtCli';
import { HsmProcess, type Ended } from '../hsm/hsmProcess';
import type { SweepStatus } from '../hsm/sweepStatus';
import { readLedger, type Ledger } from './ledger';
import { listMarked, signalIfThere, type MarkedProcess } from './processes';
import { waitUntil } from '../waitUntil';

/** The mark of everything that a test started, inherited by runner and tasks. */
const MARK = 'HSM_FAULT_DIR';

export interface ProjectOptions {
  /** Part of the project's path, for paths that quoting must survive. */
  readonly name?: string;
  readonly slots?: number;
  /** Names of local sources, each with so many slots. */
  readonly sources?: readonly string[];
  /** `project.output` of the configuration. */
  readonly output?: string;
  /** Runs everything as another user, so that permissions hold for root's tests too. */
  readonly asNobody?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const NOBODY = 65534;

/** A project in a folder of its own, whose tasks keep a ledger of what really happens. */
export class FaultProject {
  private readonly root: string;
  readonly dir: string;
  private readonly cli: string;
  private readonly children: HsmProcess[] = [];
  private readonly cleanups: (() => void)[] = [];
  private readonly runnerLogs: (() => readonly string[])[] = [];

  private constructor(private readonly options: ProjectOptions) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'hsm-fault-')));
    this.dir = join(this.root, options.name ?? 'project');
    this.cli = join(this.root, 'hsm.js');
  }

  static async create(options: ProjectOptions = {}): Promise<FaultProject> {
    const built = await builtCli();
    const project = new FaultProject(options);
    mkdirSync(project.dir, { recursive: true });

    writeFileSync(project.cli, built);
    const { output = 'outputs', slots = 2, sources = ['local'] } = options;
    const configs = sources.map((name) => `${name}: { type: local, slots: ${slots} }`);
    project.write(
      '.hsm/config.yaml',
      `project: { arguments: env, output: ${JSON.stringify(output)} }\nsources: { ${configs.join(', ')} }\n`,
    );
    project.writeScript('task.sh', readFileSync(join(import.meta.dirname, 'task.sh'), 'utf8'));
    if (options.asNobody === true) project.giveAway();
    return project;
  }

  /** The home of the user who runs `hsm`. */
  get home(): string {
    return join(this.root, 'home');
  }

  /** Replaces the sources of the configuration, lines of YAML, e.g. `box: { type: ssh, host: box }`. */
  writeSources(sources: readonly string[]): void {
    const lines = sources.map((line) => `  ${line}\n`).join('');
    this.write('.hsm/config.yaml', `project: { arguments: env }\nsources:\n${lines}`);
  }

  /** Tells where runners write their logs that run elsewhere than in the sweep's directory. */
  addRunnerLogs(find: () => readonly string[]): void {
    this.runnerLogs.push(find);
  }

  write(path: string, text: string): string {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return path;
  }

  writeScript(path: string, text: string): string {
    this.write(path, text);
    chmodSync(join(this.dir, path), 0o755);
    return path;
  }

  /** A sweep file over the grid given as YAML, e.g. `{ sec: [0.1, 0.2] }`. */
  writeSweep(grid: string, { script = 'task.sh', run = '{}' } = {}): string {
    return this.write('sweeps/fault.yaml', `script: ${script}\nsweep: { grid: ${grid} }\nrun: ${run}\n`);
  }

  /** Starts `hsm` with these words. */
  start(...args: readonly string[]): HsmProcess {
    return this.startWith({}, ...args);
  }

  /** Starts `hsm` with more in its environment. */
  startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): HsmProcess {
    const hsm = HsmProcess.start(process.execPath, [this.cli, ...args], {
      cwd: this.dir,
      env: { ...process.env, HOME: this.home, [MARK]: this.dir, ...this.options.env, ...env },
      ...(this.options.asNobody === true && process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    this.children.push(hsm);
    return hsm;
  }

  /** Runs `hsm` to its end. */
  async hsm(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).result();
  }

  async status(sweep = 'last'): Promise<SweepStatus> {
    const { stdout, stderr } = await this.hsm('status', sweep, '--json');
    if (stdout === '') throw new Error(`no status: ${stderr}`);
    return JSON.parse(stdout) as SweepStatus;
  }

  /** The directories of the project's sweeps, oldest first. */
  sweepDirs(): string[] {
    const outputs = join(this.dir, this.options.output ?? 'outputs');
    if (!existsSync(outputs)) return [];
    const ids = readdirSync(outputs).filter(
      // A name with a dot is of a sweep that is not whole yet.
      (name) => !name.startsWith('.') && existsSync(join(outputs, name, 'sweep.json')),
    );
    return ids.sort().map((id) => join(outputs, id));
  }

  /** The newest sweep's directory. @throws Error before there is one */
  sweepDir(): string {
    const dir = this.sweepDirs().at(-1);
    if (dir === undefined) throw new Error('there is no sweep yet');
    return dir;
  }

  runnerDir(): string {
    return join(this.sweepDir(), 'runner', 'local');
  }

  /** What the runners recorded so far. */
  records(): readonly AttemptRecord[] {
    const sources = this.options.sources ?? ['local'];
    const here = sources.map((source) => join(this.sweepDir(), 'runner', source, 'events'));
    const logs = [...here, ...this.runnerLogs.flatMap((find) => find())];
    return logs.flatMap((events) =>
      existsSync(events) ? parseRunnerLog(readFileSync(events, 'utf8')).records : [],
    );
  }

  ledger(): Ledger {
    return readLedger(join(this.dir, 'ledger'));
  }

  async untilStarted(count: number): Promise<void> {
    await waitUntil(`${count} attempts have started`, () => this.ledger().attempts.length >= count, 60_000);
  }

  /** Everything that lives of this test: command lines, runner, tasks. */
  processes(): MarkedProcess[] {
    return listMarked(MARK, this.dir);
  }

  /** The runner's processes of a kind; `task`: what the tasks started. */
  processesOf(kind: 'main' | 'lane' | 'wrapper' | 'task'): MarkedProcess[] {
    return this.processes().filter(({ command, env }) => {
      if (kind === 'main') return command.endsWith('runner.sh main');
      if (kind === 'lane') return / lane \d+$/.test(command);
      if (kind === 'wrapper') return command.includes('/task.sh ') && command.includes(this.runnerDir());
      return env.has('HSM_TASK') && !command.includes(`${this.runnerDir()}/`);
    });
  }

  /** What the command lines said on standard error. */
  told(): string[] {
    return this.children.map(({ pid, stderr }) => `--- hsm ${pid}\n${stderr.slice(-2000)}`);
  }

  /** Logs of runners elsewhere, as far as there are. */
  otherRunnerLogs(): string[] {
    return this.runnerLogs.flatMap((find) => find());
  }

  /** Called at the end, when nothing of the test lives any more. */
  atEnd(cleanup: () => void): void {
    this.cleanups.push(cleanup);
  }

  /** Ends everything that the test started, and removes its folder. */
  async remove(): Promise<void> {
    await waitUntil('no process of the test is left', () => {
      const left = this.processes();
      for (const { pid } of left) signalIfThere(pid, 'SIGKILL');
      return left.length === 0;
    });
    await Promise.all(this.children.map((child) => child.ended()));
    for (const cleanup of this.cleanups) cleanup();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  private giveAway(): void {
    if (process.getuid?.() !== 0) return;
    const give = (path: string): void => {
      chownSync(path, NOBODY, NOBODY);
    };
    give(this.root);
    for (const entry of readdirSync(this.root, { recursive: true, encoding: 'utf8' }))
      give(join(this.root, entry));
  }
}

/** Makes projects for the tests of a suite; each is ended after its test. Call it inside `describe`. */
export function useProjects(): (options?: ProjectOptions) => Promise<FaultProject> {
  let projects: FaultProject[] = [];
  afterEach(async function () {
    const over = projects;
    projects = [];
    if (this.currentTest?.state !== 'passed') for (const project of over) report(project);
    for (const project of over) await project.remove();
  });
  return async (options) => {
    const project = await FaultProject.create(options);
    projects.push(project);
    return project;
  };
}

/** What a person needs to see of a failed test. */
function report(project: FaultProject): void {
  for (const told of project.told()) console.log(told);
  const show = (path: string): void => {
    if (existsSync(path)) console.log(`--- ${path}\n${readFileSync(path, 'utf8').slice(-6000)}`);
  };
  show(join(project.dir, 'ledger'));
  for (const log of project.otherRunnerLogs()) show(log);
  for (const dir of project.sweepDirs()) {
    for (const file of ['journal.jsonl', 'runner/local/events', 'runner/local/runner.log'])
      show(join(dir, file));
  }
}
