import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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
import { buildBundles } from './builtCli';
import { projectDir } from '../../support/project';
import { waitUntil } from '../../support/waitUntil';

const cli = join(projectDir, 'dist', 'cli.js');

/** How a call of `hsm` ended. */
export interface Ended {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `hsm status SWEEP --json` tells, as far as tests ask. */
export interface StatusJson {
  readonly sweepId: string;
  readonly sweepDir: string;
  readonly state: string;
  readonly total: number;
  readonly waiting: number;
  readonly queued: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly lost: number;
  readonly driver: string;
  readonly tasks: readonly {
    number: number;
    state: string;
    attempt: number;
    exitCode?: number;
    reason?: string;
  }[];
}

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

/** A running `hsm`. */
export class HsmProcess {
  stdout = '';
  stderr = '';
  private readonly closed: Promise<unknown>;

  constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString('latin1')));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.closed = once(child, 'close');
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** As `head` does when it has enough. */
  stopReading(): void {
    this.child.stdout?.destroy();
  }

  async ended(): Promise<Ended> {
    await this.closed;
    const { exitCode } = this.child;
    return { code: exitCode ?? undefined, stdout: this.stdout, stderr: this.stderr };
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }
}

/** A project in a folder of its own, whose tasks tests hold back and let through. */
export class SweepProject {
  readonly dir = realpathSync(mkdtempSync(join(tmpdir(), 'hsm-cli-')));
  private readonly processes: HsmProcess[] = [];

  static async create(): Promise<SweepProject> {
    await buildBundles();
    const project = new SweepProject();
    project.write(
      '.hsm/config.yaml',
      'project: { arguments: env }\nsources: { local: { type: local, slots: 2 } }\n',
    );
    project.write('task.sh', TASK);
    chmodSync(join(project.dir, 'task.sh'), 0o755);
    return project;
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
    const child = spawn(command, args, {
      cwd: this.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Nothing of the machine's own configuration.
      env: {
        ...process.env,
        TERM: 'xterm',
        NO_COLOR: '',
        HOME: join(this.dir, 'home'),
        USERPROFILE: join(this.dir, 'home'),
      },
    });
    const running = new HsmProcess(child);
    this.processes.push(running);
    return running;
  }

  async hsm(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended();
  }

  async status(sweep = 'last'): Promise<StatusJson> {
    const { stdout, stderr } = await this.hsm('status', sweep, '--json');
    if (stdout === '') throw new Error(`no status: ${stderr}`);
    return JSON.parse(stdout) as StatusJson;
  }

  async waitForStatus(
    what: string,
    condition: (status: StatusJson) => boolean,
    sweep = 'last',
  ): Promise<StatusJson> {
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
    for (const { sweepId } of JSON.parse(stdout) as StatusJson[]) await this.hsm('cancel', sweepId);
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
