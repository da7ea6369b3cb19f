import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildBundles } from '../../support/hsm/builtCli';
import { HsmProcess, type Ended } from '../../support/hsm/hsmProcess';
import type { SweepStatus } from '../../support/hsm/sweepStatus';
import { projectDir } from '../../support/project';
import { waitUntil } from '../../support/waitUntil';

const cli = join(projectDir, 'dist', 'cli.js');

/**
 * Each task notes in a ledger that it started; one with a gate waits for its file; then it ends with its code. A task
 * that nobody let through ends by itself after half a minute, so that a failed test leaves nothing behind.
 */
const TASK = `#!/bin/sh
echo "start $HSM_TASK $HSM_ATTEMPT" >> ledger
echo "output of $HSM_TASK"
echo "trouble of $HSM_TASK" >&2
waited=0
while [ -n "\${HSM_PARAM_GATE:-}" ] && [ ! -e "$HSM_PARAM_GATE" ] && [ "$waited" -lt 600 ]; do
  sleep 0.05
  waited=$((waited + 1))
done
echo "{\\"score\\": $HSM_TASK}" > "$HSM_TASK_DIR/metrics.json"
echo "end $HSM_TASK $HSM_ATTEMPT" >> ledger
exit "\${HSM_PARAM_CODE:-0}"
`;

/** A project in a folder of its own, whose tasks tests hold back and let through. */
export class SweepProject {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), 'hsm-cli-')));
  private readonly processes: HsmProcess[] = [];

  private constructor(private readonly givenHome?: string) {}

  /** @param home - the user's, which another project has too. Default: its own */
  static async create(home?: string): Promise<SweepProject> {
    await buildBundles();
    const project = new SweepProject(home);
    project.write(
      '.hsm/config.yaml',
      'project: { arguments: env }\nsources: { local: { type: local, slots: 2 } }\n',
    );
    project.write('task.sh', TASK);
    chmodSync(join(project.dir, 'task.sh'), 0o755);
    return project;
  }

  get home(): string {
    return this.givenHome ?? join(this.dir, 'home');
  }

  write(path: string, text: string): string {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return path;
  }

  /** A sweep file whose tasks wait for `open`, one for each of the values. */
  writeGated(count: number, extra = ''): string {
    const values = Array.from({ length: count }, (_, index) => index + 1);
    return this.write(
      'sweeps/gated.yaml',
      `script: task.sh\ndefaults: { gate: gate }\nsweep: { grid: { value: [${values.join(', ')}] } }\n${extra}`,
    );
  }

  /** A sweep file with one task for each exit code. */
  writeCodes(codes: readonly number[], extra = ''): string {
    return this.write(
      'sweeps/codes.yaml',
      `script: task.sh\nsweep: { grid: { code: [${codes.join(', ')}] } }\n${extra}`,
    );
  }

  /** Lets all tasks that wait come to their ends. */
  open(): void {
    writeFileSync(join(this.dir, 'gate'), '');
  }

  start(...args: readonly string[]): HsmProcess {
    return this.spawn(process.execPath, [cli, ...args]);
  }

  /** Runs hsm by a Python program that gives it a terminal. */
  startInTerminal(program: string, ...args: readonly string[]): HsmProcess {
    return this.spawn('python3', ['-c', program, process.execPath, cli, ...args]);
  }

  private spawn(command: string, args: readonly string[]): HsmProcess {
    const running = HsmProcess.start(command, args, {
      cwd: this.dir,
      // Nothing of the machine's own configuration.
      env: {
        ...process.env,
        TERM: 'xterm',
        NO_COLOR: '',
        HOME: this.home,
        USERPROFILE: this.home,
      },
    });
    this.processes.push(running);
    return running;
  }

  async hsm(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).result();
  }

  async status(sweep = 'last'): Promise<SweepStatus> {
    const { stdout, stderr } = await this.hsm('status', sweep, '--json');
    if (stdout === '') throw new Error(`no status: ${stderr}`);
    return JSON.parse(stdout) as SweepStatus;
  }

  async waitForStatus(
    what: string,
    condition: (status: SweepStatus) => boolean,
    sweep = 'last',
  ): Promise<SweepStatus> {
    return waitUntil(what, async () => {
      const status = await this.status(sweep);
      return condition(status) && status;
    });
  }

  /** Lines of the ledger that begin with a word: how often tasks started or ended. */
  ledger(word: 'start' | 'end'): string[] {
    const file = join(this.dir, 'ledger');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    return lines.filter((line) => line.startsWith(`${word} `));
  }

  async waitForStarts(count: number): Promise<void> {
    await waitUntil(`${count} tasks have started`, () => this.ledger('start').length >= count);
  }

  /** The one sweep's directory. */
  async sweepDir(): Promise<string> {
    return (await this.status()).sweepDir;
  }

  async append(path: string, text: string): Promise<void> {
    appendFileSync(join(await this.sweepDir(), path), text);
  }

  /** Ends what is left of a test, tasks first, and removes the folder. */
  async remove(): Promise<void> {
    for (const running of this.processes) if (running.isRunning) running.signal('SIGKILL');
    await Promise.all(this.processes.map((running) => running.ended()));
    const { stdout } = await this.hsm('status', '--json');
    for (const { sweepId } of JSON.parse(stdout) as SweepStatus[]) await this.hsm('cancel', sweepId);
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Makes a project before each of the tests around it, and removes it after. */
export function useSweepProject(tell: (made: SweepProject) => void): void {
  let project: SweepProject | undefined;
  beforeEach(async () => {
    project = await SweepProject.create();
    tell(project);
  });
  afterEach(async () => project?.remove());
}

/** Makes one project for all of the tests around it. */
export function shareSweepProject(tell: (made: SweepProject) => void): void {
  let project: SweepProject | undefined;
  before(async () => {
    project = await SweepProject.create();
    tell(project);
  });
  after(async () => project?.remove());
}
