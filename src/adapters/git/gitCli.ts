import { spawn } from 'node:child_process';
import { simpleGit } from 'simple-git';

/** A repository's own settings must not run programs, and looking must not write. */
const SETTINGS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'protocol.ext.allow=never',
  'core.quotePath=false',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'safe.bareRepository=explicit',
];

/** What git may be told by the environment; the rest of it stays out, e.g. a pager, an editor or another repository. */
const PASSED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'TMPDIR',
  'SYSTEMROOT',
  'USERPROFILE',
  'APPDATA',
  'XDG_CONFIG_HOME',
];
const OWN: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // Large files are not fetched behind the user's back.
  GIT_LFS_SKIP_SMUDGE: '1',
};

const INDEX = 'GIT_INDEX_FILE';

/** Git on this machine, in one folder: without hooks, monitors, pagers and locks that it can do without. */
export class GitCli {
  private readonly env: Record<string, string>;

  constructor(
    /** Absolute. */
    readonly dir: string,
    env: NodeJS.ProcessEnv = process.env,
    /** Ends every command. */
    readonly signal?: AbortSignal,
    /** The file of the index, absolute, where it is not the repository's own. */
    private readonly index?: string,
  ) {
    const passed = PASSED.flatMap((name): [string, string][] => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    });
    this.env = { ...Object.fromEntries(passed), ...OWN, ...(index !== undefined && { [INDEX]: index }) };
  }

  /** The same git, whose commands end with the signal and then reject with its reason. */
  until(signal: AbortSignal): GitCli {
    return new GitCli(this.dir, this.env, signal, this.index);
  }

  /** The same git, on another index. @param index - absolute */
  onIndex(index: string): GitCli {
    return new GitCli(this.dir, this.env, this.signal, index);
  }

  /**
   * What a command writes.
   *
   * @param complaints - takes what it says on standard error though it succeeds, in pieces
   * @throws Error with git's words when it fails and says why
   */
  async text(args: readonly string[], complaints: string[] = []): Promise<string> {
    const git = simpleGit({
      baseDir: this.dir,
      config: SETTINGS,
      ...(this.signal && { abort: this.signal }),
      allowEnvironment: [...Object.keys(OWN), INDEX],
      // These guard against settings from strangers; ours are constants that make git safer.
      unsafe: { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true, allowUnsafeProtocolOverride: true },
    });
    try {
      return await git
        .env(this.env)
        .outputHandler((_command, _stdout, stderr) => {
          stderr.on('data', (bytes: Buffer) => complaints.push(bytes.toString('utf8')));
        })
        .raw(...args);
    } catch (error) {
      this.signal?.throwIfAborted();
      throw error;
    }
  }

  /** As {@link text} for commands that succeed or fail by their exit code alone. */
  async succeeds(args: readonly string[]): Promise<boolean> {
    return (await this.run(args)).exitCode === 0;
  }

  /**
   * Runs a command with a standard input, which `simple-git` cannot give.
   *
   * @throws Error when there is no git
   */
  run(
    args: readonly string[],
    input: Uint8Array = new Uint8Array(),
    env: Readonly<Record<string, string>> = {},
    /** Told at once, before the command can have done anything that is seen here. */
    started?: (pid: number) => void,
  ): Promise<{ readonly stdout: Buffer; readonly stderr: string; readonly exitCode: number | null }> {
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    const { signal } = this;
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const child = spawn('git', [...settings, ...args], {
      cwd: this.dir,
      env: { ...this.env, ...env },
      windowsHide: true,
      ...(signal && { signal }),
    });
    if (child.pid !== undefined) started?.(child.pid);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A command may end without reading its input; its exit code tells.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return new Promise((resolve, reject) => {
      child.on('error', (error) => {
        reject(signal?.aborted === true ? (signal.reason as Error) : error);
      });
      child.on('close', (exitCode) => {
        resolve({
          stdout: Buffer.concat(stdout),
          stderr: Buffer.concat(stderr).toString('utf8').trim(),
          exitCode,
        });
      });
    });
  }

  /** A file of a commit as it is checked out; a link's text. Undefined where the commit has none. */
  async contentAt(commit: string, path: string): Promise<Buffer | undefined> {
    const { stdout, exitCode } = await this.run(['cat-file', '--filters', `${commit}:${path}`]);
    return exitCode === 0 ? stdout : undefined;
  }
}
