import { realpath } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { version } from '../package.json';
import { systemClock } from './adapters/clock/systemClock';
import { FileSweepDirectory } from './adapters/files/fileSweepDirectory';
import { projectFiles } from './adapters/files/projectFiles';
import { copySources } from './adapters/files/sourceCopies';
import { WorkerMatcher } from './adapters/matching/workerMatcher';
import { SshHosts, type SshHostsOptions } from './adapters/ssh/sshHosts';
import { CodeStore } from './adapters/remote/codeStore';
import { HostLooks } from './adapters/remote/hostLooks';
import { listProjectFiles } from './adapters/remote/projectFileSet';
import { projectIdOf } from './adapters/remote/projectId';
import { createCleaner, createSource, resolveSource } from './createSource';
import { openCheckout } from './openCheckout';
import type { Logger } from './core/base/logger';
import { NO_PROMPTS, NO_SECRETS } from './core/compute/connectionPrompts';
import { Project } from './core/project/project';
import type { ProjectMode } from './core/project/sweepRegistry';

const NOBODY = { prompts: NO_PROMPTS, secrets: NO_SECRETS, mayAskUnasked: false };

/** Builds the engine of one project on the real machine: what the editor and the command line have in common. */
export async function openProject(options: {
  /** Absolute. */
  readonly projectDir: string;
  readonly log: Logger;
  readonly mode: ProjectMode;
  /** How the user is asked what a connection needs. Default: nobody can be asked. */
  readonly user?: Omit<SshHostsOptions, 'log'>;
  /** Default: the user's. */
  readonly homeDir?: string;
}): Promise<Project> {
  const { projectDir, log, mode, user = NOBODY, homeDir = homedir() } = options;
  const hosts = new SshHosts({ ...user, log });
  const parts = {
    hosts,
    projectDir,
    projectId: projectIdOf(projectDir, hostname()),
    looks: new HostLooks(systemClock),
    // As under the default root of a source over SSH to this machine.
    slotsDir: join(homeDir, '.hsm', 'slots'),
    clock: systemClock,
    log,
  };
  return Project.open(
    {
      projectDir,
      projectAliases: await otherPaths(projectDir),
      log,
      machineConfigFile: join(homeDir, '.hsm', 'config.yaml'),
      files: projectFiles,
      matcher: new WorkerMatcher(),
      clock: systemClock,
      path: { join, isAbsolute, relative: relativeInside },
      process: { pid: process.pid, host: hostname() },
      environment: definedOf(process.env),
      version,
      sweepDirectory: (path) => new FileSweepDirectory(path),
      hosts,
      createSource: (name, config) => createSource(name, config, parts),
      createCleaner: (name, config) => createCleaner(name, config, parts),
      resolveSource: (name, config, look) => resolveSource(name, config, look, parts),
      openCheckout: (name, config, settings) => openCheckout(name, config, { ...settings, ...parts }),
      codeFiles: (exclude, signal) => listProjectFiles(projectDir, exclude, signal),
      sealCode: async (exclude, inUse, signal) => {
        const store = new CodeStore(projectDir, log);
        const { digest } = await store.seal(exclude, signal);
        await store.tidy([...inUse, digest]);
        return digest;
      },
      hasSealedCode: async (digest) => (await new CodeStore(projectDir, log).find(digest)) !== undefined,
      readSealedCode: (digest, file) => new CodeStore(projectDir, log).read(digest, file),
      copySources: (to, outputDir) => copySources(projectDir, to, outputDir, log),
      readProvenance: async () => {
        // Loaded at the first start: git is not needed to look at sweeps.
        const { readProvenance } = await import('./adapters/git/provenance');
        return readProvenance(projectDir);
      },
      readCodeAt: async (commit, patch, file) => {
        const { readCodeAt } = await import('./adapters/git/codeAt');
        return readCodeAt(projectDir, commit, patch, file);
      },
    },
    mode,
  );
}

function definedOf(variables: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** A path inside `from` relative to it, with `/`; others as they are. */
function relativeInside(from: string, to: string): string {
  const path = relative(from, to);
  return path.startsWith('..') || isAbsolute(path) ? to : path.replaceAll('\\', '/');
}

/** A project behind a symbolic link, e.g. in a home directory of a cluster, goes by its real path in tracebacks. */
async function otherPaths(projectDir: string): Promise<readonly string[]> {
  try {
    return [await realpath(projectDir)];
  } catch {
    // There is no such folder, or it cannot be read: whoever uses it first says so, with more to say.
    return [];
  }
}
