import { HsmError } from '../base/errors';
import { hasErrors } from '../sweep/problem';
import { mergeConfigs, parseConfig, type ProjectConfig } from './config';
import type { ProjectPorts } from './projectPorts';

/** Where a project's own configuration lies, relative to its root. */
export const CONFIG_FILE = '.hsm/config.yaml';

/** Reads the configuration of a project: the machine's file with the project's over it. */
export class ConfigReader {
  constructor(
    private readonly ports: Pick<ProjectPorts, 'files' | 'path' | 'projectDir' | 'machineConfigFile'>,
  ) {}

  /** Absolute. */
  get projectFile(): string {
    return this.ports.path.join(this.ports.projectDir, CONFIG_FILE);
  }

  /** Whether a file is one of the two. */
  reads(file: string): boolean {
    return file === this.projectFile || file === this.ports.machineConfigFile;
  }

  /** What can be read; values with errors count as absent. */
  async read(): Promise<ProjectConfig> {
    return this.merge(false);
  }

  /** @throws HsmError `input.invalid` when a file has errors: nothing is started on a configuration that is half understood */
  async readSound(): Promise<ProjectConfig> {
    return this.merge(true);
  }

  private async merge(strict: boolean): Promise<ProjectConfig> {
    const [machine, project] = await Promise.all(
      [this.ports.machineConfigFile, this.projectFile].map((file) => this.readOne(file, strict)),
    );
    return mergeConfigs(machine?.value, project?.value);
  }

  private async readOne(file: string, strict: boolean): Promise<ReturnType<typeof parseConfig>> {
    const text = await this.ports.files.read(file);
    const parsed = text === undefined ? { problems: [] } : parseConfig(text);
    if (!strict || !hasErrors(parsed.problems)) return parsed;
    const problems = parsed.problems.map((problem) => ({ ...problem, file }));
    const first = problems.find((problem) => problem.severity === 'error');
    const what = first ? `line ${first.range.line}: ${first.message}` : 'it cannot be read';
    throw new HsmError('input.invalid', `${file} has errors, nothing was started: ${what}`, { problems });
  }
}
