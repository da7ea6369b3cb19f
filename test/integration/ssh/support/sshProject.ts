import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSshConfig } from '../../../../src/adapters/ssh/config/openSshConfig';
import { silentLogger } from '../../../../src/core/base/logger';
import { NO_PROMPTS, NO_SECRETS } from '../../../../src/core/compute/connectionPrompts';
import type { Project } from '../../../../src/core/project/project';
import { openProject } from '../../../../src/openProject';
import type { SshClientHome } from '../../../support/sshd/sshConfig';
import { makeTempDir } from '../../../support/tempDir';
import { waitUntil } from '../../../support/waitUntil';

/**
 * A task that can be held back by a file in its host's home and let through, that measures something, and that fails on
 * request. Where it ran is in its output.
 */
const TASK = `#!/bin/sh
echo "task $HSM_TASK at $HOME in $(pwd)"
echo "directory $1"
while [ -n "\${HSM_PARAM_GATE:-}" ] && [ ! -e "$HOME/$HSM_PARAM_GATE" ]; do sleep 0.05; done
echo "{\\"score\\": $HSM_TASK}" >"$HSM_TASK_DIR/metrics.json"
if [ "\${HSM_PARAM_CODE:-0}" != 0 ]; then echo "cause of $HSM_TASK" >&2; fi
exit "\${HSM_PARAM_CODE:-0}"
`;

/** A project whose sources are hosts of a client's configuration, opened as an editor or a command line does. */
export class SshProject {
  private readonly temp = makeTempDir('hsm-ssh-sweep-');
  readonly dir = realpathSync(this.temp.path);
  private readonly opened: Project[] = [];

  /** @param sources - the text of `sources:` */
  constructor(
    private readonly client: SshClientHome,
    sources: string,
    project = '{ arguments: env }',
  ) {
    this.write('.hsm/config.yaml', `project: ${project}\nsources:\n${sources}`);
    this.write('task.sh', TASK);
    chmodSync(join(this.dir, 'task.sh'), 0o755);
  }

  write(file: string, text: string): string {
    const path = join(this.dir, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Another process's view of the project. */
  async open(): Promise<Project> {
    const config = openSshConfig(silentLogger, {
      home: this.client.home,
      configFiles: [{ path: this.client.configFile, isUsers: true }],
      env: {},
    });
    const user = { prompts: NO_PROMPTS, secrets: NO_SECRETS, mayAskUnasked: false, config };
    const project = await openProject({
      projectDir: this.dir,
      log: silentLogger,
      mode: 'drive',
      user,
      homeDir: this.client.home,
    });
    this.opened.push(project);
    return project;
  }

  /** A sweep file that runs the task once for each combination. */
  sweep(grid: string, run = '{}'): string {
    return this.sweepOf(`{ grid: ${grid} }`, run);
  }

  /** @param sweep - the text of `sweep:`  @param run - more of `run:` */
  sweepOf(sweep: string, run = '{}'): string {
    const command = '[./task.sh, "{task_dir}"]';
    const rest = run.slice(1, -1).trim();
    return this.write(
      'sweep.yaml',
      `sweep: ${sweep}\nrun: { command: ${command}${rest === '' ? '' : `, ${rest}`} }\n`,
    );
  }

  /** A file of a task in the sweep's directory. */
  read(sweepId: string, task: number, file: string): string {
    return readFileSync(this.path(sweepId, task, file), 'utf8');
  }

  path(sweepId: string, task: number, file: string): string {
    return join(this.dir, 'outputs', sweepId, 'tasks', `task_${String(task).padStart(4, '0')}`, file);
  }

  async untilHere(sweepId: string, task: number, file: string): Promise<void> {
    await waitUntil(
      `${file} of task ${task} is here`,
      () => existsSync(this.path(sweepId, task, file)),
      30_000,
    );
  }

  async close(): Promise<void> {
    for (const project of this.opened.splice(0)) await project.close();
    this.temp.dispose();
  }
}
