import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { StreamHost } from '../../../src/adapters/host/streamHost';
import { CheckoutSync } from '../../../src/adapters/sync/checkoutSync';
import { systemClock } from '../../../src/adapters/clock/systemClock';
import { silentLogger } from '../../../src/core/base/logger';
import { ProjectSync } from '../../../src/core/sync/projectSync';
import type { Comparison } from '../../../src/core/sync/comparison';
import { git, opensshServer, skipUnless } from '../../support/requirement';
import { closeSharedHost, SHARED_HOST, SharedHost, sharedHostLog } from '../../support/sshd/sharedHost';
import { makeTempDir } from '../../support/tempDir';

/** One copy of a project. */
export class Copy {
  constructor(readonly dir: string) {}

  write(path: string, text: string | Uint8Array, mode = 0o644): this {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
    return this;
  }

  link(path: string, target: string): this {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    symlinkSync(target, file);
    return this;
  }

  remove(path: string): this {
    rmSync(join(this.dir, path), { recursive: true });
    return this;
  }

  read(path: string): string | undefined {
    const file = join(this.dir, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  exists(path: string): boolean {
    return existsSync(join(this.dir, path));
  }

  /** Whether a sync holds the lock of this side, or died with it. */
  isLocked(project = '.'): boolean {
    const folder = join(this.dir, project, '.hsm/sync/lock');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    const newest = Math.max(0, ...names.map((name) => Number.parseInt(name, 10)).filter(Number.isInteger));
    return newest === 0 ? names.includes('holder') : !names.includes(`${newest}.free`);
  }

  mode(path: string): number {
    return lstatSync(join(this.dir, path)).mode & 0o777;
  }

  git(...args: readonly string[]): string {
    const identity = [
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@example.org',
      '-c',
      'protocol.file.allow=always',
    ];
    return execFileSync('git', [...identity, ...args], { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .trimEnd();
  }

  commit(message = 'work'): string {
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Everything but git's and the sync's own, as path → text, mode or target. */
  tree(folder = ''): Record<string, string> {
    const tree: Record<string, string> = {};
    for (const entry of readdirSync(join(this.dir, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === '.git' || path === '.hsm/sync') continue;
      if (entry.isDirectory()) Object.assign(tree, this.tree(path));
      else if (entry.isSymbolicLink()) tree[path] = `-> ${readlinkSync(join(this.dir, path))}`;
      else
        tree[path] =
          `${(this.mode(path) & 0o100) !== 0 ? 'x ' : ''}${readFileSync(join(this.dir, path), 'latin1')}`;
    }
    return tree;
  }
}

/**
 * All that a refused transfer must leave as it is: every file with its permissions, ignored ones and empty folders too, git's
 * index byte by byte, whether git's lock is held, where HEAD is.
 */
export function frozen(copy: Copy): Record<string, string> {
  const state: Record<string, string> = { HEAD: copy.git('rev-parse', '--verify', '--quiet', 'HEAD') };
  for (const name of readdirSync(join(copy.dir, '.git')).filter((each) => /index|lock|hsm/.test(each)))
    state[`.git/${name}`] = readFileSync(join(copy.dir, '.git', name), 'latin1');
  for (const path of readdirSync(copy.dir, { recursive: true, encoding: 'utf8' })) {
    if (path === '.git' || path.startsWith('.git/') || /(^|\/)\.hsm(\/|$)/.test(path)) continue;
    const stat = lstatSync(join(copy.dir, path));
    const content = stat.isFile()
      ? copy.read(path)
      : stat.isSymbolicLink()
        ? readlinkSync(join(copy.dir, path))
        : '';
    state[path] = `${stat.mode.toString(8)} ${content ?? ''}`;
  }
  return state;
}

export interface Copies {
  readonly here: Copy;
  readonly there: Copy;
  sync: ProjectSync;
  running: number;
  compare(): Promise<Comparison>;
  /** A sync as a new process has it. */
  reopen(): ProjectSync;
  dispose(): void;
}

export interface CopiesOptions {
  /** Default: both have git, and the checkout is a clone. */
  readonly git?: 'both' | 'here' | 'there' | 'none';
  readonly files?: Readonly<Record<string, string>>;
  readonly exclude?: readonly string[];
  /** Where the checkout is; default: a host behind a real sshd, in another folder of this machine. */
  readonly host?: StreamHost;
  readonly checkoutDir?: string;
  /** Where the workspace is. */
  readonly projectDir?: string;
  /** The project's folder in its repository; default: its top. */
  readonly folder?: string;
}

export const SOURCE = 'gpubox';

interface OpenOptions {
  readonly projectDir: string;
  readonly checkout: string;
  readonly host?: StreamHost;
  readonly exclude?: readonly string[];
  readonly runningTasks?: () => number;
}

export function openSync({ projectDir, checkout, host, exclude, runningTasks }: OpenOptions): ProjectSync {
  const port = new CheckoutSync({
    source: SOURCE,
    projectDir,
    host: host ?? new SharedHost(),
    checkout,
    output: 'outputs',
    exclude: exclude ?? [],
    clock: systemClock,
    log: silentLogger,
  });
  return new ProjectSync({
    places: () => [{ source: SOURCE, host: SHARED_HOST, checkout }],
    open: () => port,
    runningTasks: runningTasks ?? (() => 0),
    learnRunningTasks: () => Promise.resolve(),
    clock: systemClock,
  });
}

/** A workspace and a checkout of it. */
export function makeCopies(options: CopiesOptions = {}): Copies {
  const {
    git = 'both',
    folder = '.',
    files = { 'train.py': 'print(1)\n', 'configs/train.yaml': 'lr: 1\n' },
  } = options;
  const dir = makeTempDir();
  const here = new Copy(options.projectDir ?? join(dir.path, 'work space'));
  const there = new Copy(options.checkoutDir ?? join(dir.path, "check'out"));
  mkdirSync(here.dir, { recursive: true });
  for (const [path, text] of Object.entries(files)) here.write(path, text);
  if (git === 'both' || git === 'here') initialise(here);
  if (git === 'both') execFileSync('git', ['clone', '-q', '--template=', here.dir, there.dir]);
  else {
    mkdirSync(there.dir, { recursive: true });
    for (const [path, text] of Object.entries(files)) there.write(path, text);
    if (git === 'there') initialise(there);
  }
  const open = (): ProjectSync =>
    openSync({
      projectDir: join(here.dir, folder),
      checkout: join(there.dir, folder),
      runningTasks: () => copies.running,
      ...(options.host && { host: options.host }),
      ...(options.exclude && { exclude: options.exclude }),
    });
  const copies: Copies = {
    here,
    there,
    sync: open(),
    running: 0,
    compare: () => copies.sync.compare(SOURCE),
    reopen: open,
    dispose: () => {
      dir.dispose();
    },
  };
  return copies;
}

/** Without the sample hooks of git, which cost more to copy than all the rest. */
function initialise(copy: Copy): void {
  copy.git('init', '-q', '--template=', '-b', 'main');
  copy.commit('first');
}

/** Path → verdict. */
export function verdicts(comparison: Comparison): Record<string, string> {
  return Object.fromEntries(comparison.files.map(({ path, verdict }) => [path, verdict]));
}

/** For a suite that makes copies: skips it without git or sshd, and ends the connection to the host after it. */
export function needCopies(): void {
  before(function () {
    skipUnless(this, git);
    skipUnless(this, opensshServer);
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    for (const line of await sharedHostLog()) console.log(`      sshd: ${line}`);
  });
  after(closeSharedHost);
}

/** As {@link needCopies}; makes the copies of a test, tells of them, and removes them after it. */
export function useCopies(tell: (copies: Copies) => void): (options?: CopiesOptions) => Copies {
  let copies: Copies | undefined;
  needCopies();
  afterEach(() => {
    copies?.dispose();
  });
  return (options) => {
    copies = makeCopies(options);
    tell(copies);
    return copies;
  };
}
