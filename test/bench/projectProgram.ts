import { FakeHosts } from '../support/fakeHosts';
import { mkdir, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { systemClock } from '../../src/adapters/clock/systemClock';
import { FileSweepDirectory } from '../../src/adapters/files/fileSweepDirectory';
import { projectFiles } from '../../src/adapters/files/projectFiles';
import { silentLogger } from '../../src/core/base/logger';
import { Project } from '../../src/core/project/project';
import { matchHere } from '../../src/core/results/lineMatcher';
import { openProject } from '../../src/openProject';
import { gridText } from './gridText';
import { InstantSource } from './instantSource';

/**
 * Works on a project in the current folder and prints figures. Usage: `run TASKS SWEEPS` runs sweeps whose tasks take
 * no time, through the whole engine with real files; `open` opens the project and looks at its sweeps.
 */
const [verb, tasks, sweeps] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const projectDir = process.cwd();

/** What a phase took of this process. */
interface Phase {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Of the process so far. */
  readonly peakMiB: number;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, Phase]> {
  const [beganAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  return [value, { wallMs: performance.now() - beganAt, cpuMs: (user + system) / 1000, peakMiB }];
}

async function runSweeps(): Promise<unknown> {
  const file = join(projectDir, 'sweeps/nothing.yaml');
  await mkdir(join(projectDir, 'sweeps'), { recursive: true });
  await writeFile(file, gridText(tasks, ['/bin/true', '{a}', '{b}']));
  const project = await openWithInstantSource();
  let figures: unknown;
  for (let count = 0; count < sweeps; count += 1) {
    const [{ id }, launch] = await timed(() => project.start(file, { allowLarge: true }));
    const [{ counts }, run] = await timed(() => project.whenOver(id, new AbortController().signal));
    figures = { launch, run, succeeded: counts.succeeded };
  }
  await project.close();
  return figures;
}

function openWithInstantSource(): Promise<Project> {
  const ports = {
    projectDir,
    log: silentLogger,
    machineConfigFile: join(projectDir, 'no-config.yaml'),
    files: projectFiles,
    matcher: matchHere,
    clock: systemClock,
    path: { join, isAbsolute, relative },
    process: { pid: process.pid, host: 'bench' },
    version: '0.0.0',
    sweepDirectory: (path: string) => new FileSweepDirectory(path),
    hosts: new FakeHosts(),
    openCheckout: () => {
      throw new Error('no checkout in this benchmark');
    },
    createSource: (name: string) => new InstantSource(name),
    resolveSource: <T>(_name: string, config: T) => Promise.resolve(config),
    codeFiles: () => Promise.resolve([]),
    sealCode: () => Promise.reject(new Error('no code is copied in this benchmark')),
    hasSealedCode: () => Promise.resolve(false),
    readSealedCode: () => Promise.resolve(undefined),
    copySources: () => Promise.resolve(),
    readProvenance: () => Promise.resolve({ code: {} }),
    readCodeAt: () => Promise.resolve(undefined),
  };
  return Project.open(ports, 'view');
}

async function lookAtSweeps(): Promise<unknown> {
  const [project, open] = await timed(() => openProject({ projectDir, log: silentLogger, mode: 'view' }));
  const [succeeded, look] = await timed(() =>
    Promise.resolve(project.sweeps().reduce((sum, { counts }) => sum + counts.succeeded, 0)),
  );
  await project.close();
  return { open: { ...open, wallMs: open.wallMs + look.wallMs }, succeeded };
}

void (verb === 'run' ? runSweeps() : lookAtSweeps()).then((figures) => {
  console.log(JSON.stringify(figures));
  // As the command line does: a watcher that still closes is not part of the work.
  process.exit(0);
});
