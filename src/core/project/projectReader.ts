import { HsmError, type FileProblem } from '../base/errors';
import type { PreviewTask, SweepPreview } from '../facade';
import type { Expansion } from '../sweep/expand';
import type { Problem } from '../sweep/problem';
import type { Sweep } from '../sweep/sweep';
import { mergeConfigs, parseConfig, type ProjectConfig } from './config';
import { CONFIG_FILE, ConfigReader } from './configReader';
import { settingsForScript } from './hydraScript';
import { readSweep, requireSound } from './launch';
import { previewTasks } from './preview';
import type { ProjectPorts } from './projectPorts';

/** Reads what the user writes, configuration and sweep files, and keeps the configuration that was read last. */
export class ProjectReader {
  private readonly configReader: ConfigReader;
  private current: ProjectConfig = mergeConfigs();

  /** @param adopt - called with each configuration that was read, before anything goes by it */
  constructor(
    private readonly ports: ProjectPorts,
    private readonly adopt: (config: ProjectConfig) => Promise<void>,
  ) {
    this.configReader = new ConfigReader(ports);
  }

  get config(): ProjectConfig {
    return this.current;
  }

  /** What can be read; values with errors count as absent. */
  async readConfig(): Promise<ProjectConfig> {
    return this.take(await this.configReader.read());
  }

  /** @throws HsmError `input.invalid` when a file has errors */
  async readSoundConfig(): Promise<ProjectConfig> {
    return this.take(await this.configReader.readSound());
  }

  async preview(file: string, text: string, limit: number): Promise<SweepPreview> {
    const { project } = await this.readConfig();
    const { sweep, expansion, problems } = readSweep(file, text, project);
    if (!sweep || !expansion) return { problems, tasks: [] };
    const tasks: PreviewTask[] = [];
    for (const task of await this.tasksOf(sweep, expansion)) {
      if (tasks.length >= limit) break;
      tasks.push(task);
    }
    return { problems, count: expansion.count, tasks };
  }

  /** A sweep file with all its tasks, made one by one as they are asked for. @throws HsmError `input.invalid` without the file */
  async expandFile(file: string): Promise<{
    problems: readonly FileProblem[];
    count?: number;
    tasks(): Iterable<PreviewTask>;
  }> {
    const { project } = await this.readConfig();
    const { sweep, expansion, problems } = readSweep(file, await this.readText(file), project);
    if (!sweep || !expansion) return { problems, tasks: () => [] };
    const tasks = await this.tasksOf(sweep, expansion);
    return { problems, count: expansion.count, tasks: () => tasks };
  }

  async check(file: string, text: string): Promise<readonly Problem[]> {
    if (this.configReader.reads(file)) return parseConfig(text).problems;
    const { project } = await this.readConfig();
    return readSweep(file, text, project).problems;
  }

  /** A sweep file that something is to be started from. @throws HsmError `input.invalid` without it, or when it has errors */
  async readSoundSweep(file: string): Promise<{ text: string; sweep: Sweep; expansion: Expansion }> {
    const text = await this.readText(file);
    return { text, ...requireSound(readSweep(file, text, this.config.project)) };
  }

  /** The tasks that a sweep file makes; may be gone through again and again. */
  async tasksOf(sweep: Sweep, expansion: Expansion): Promise<Iterable<PreviewTask>> {
    const settings = await settingsForScript(this.config.project, sweep, this.ports);
    const { join } = this.ports.path;
    return { [Symbol.iterator]: () => previewTasks(sweep, expansion, settings, join) };
  }

  /** @throws HsmError `input.invalid` when the script that tasks run is not there */
  async requireScript(file: string, sweep: Sweep): Promise<void> {
    const { arguments: style, script: usual } = this.config.project;
    const script = sweep.script ?? usual;
    if (sweep.run.command !== undefined || script === undefined || Array.isArray(style)) return;
    const { join, isAbsolute } = this.ports.path;
    const path = isAbsolute(script) ? script : join(this.ports.projectDir, script);
    if (await this.ports.files.exists(path)) return;
    throw new HsmError('input.invalid', `The script ${path} does not exist; nothing was started.`, {
      hint: `It is named by "script" in ${file} or by project.script in ${CONFIG_FILE}.`,
    });
  }

  private async take(config: ProjectConfig): Promise<ProjectConfig> {
    this.current = config;
    await this.adopt(config);
    return config;
  }

  private async readText(file: string): Promise<string> {
    const text = await this.ports.files.read(file);
    if (text !== undefined) return text;
    throw new HsmError('input.invalid', `There is no file ${file}.`, {});
  }
}
