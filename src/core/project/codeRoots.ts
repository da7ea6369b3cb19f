import type { ProjectPorts } from './projectPorts';
import type { SweepSession } from './sweepSession';

const FILE = 'places.json';

/**
 * Where the project's code lies on the hosts of a sweep's sources: tracebacks name files by those paths. Known to the
 * process that drives the sweep, which writes it down for the others.
 */
export class CodeRoots {
  private roots: Promise<Map<string, string>> | undefined;

  constructor(
    private readonly session: SweepSession,
    private readonly ports: Pick<ProjectPorts, 'files' | 'path' | 'projectDir'>,
  ) {}

  /** Absolute paths there; empty when they are those of this machine, or nobody knows. */
  async of(source: string | undefined): Promise<readonly string[]> {
    if (source === undefined) return [];
    const roots = await (this.roots ??= this.read());
    const driven = this.session.driving?.readySource(source)?.placement.projectDir;
    if (driven !== undefined && driven !== this.ports.projectDir && roots.get(source) !== driven) {
      roots.set(source, driven);
      await this.ports.files.write(this.file, `${JSON.stringify(Object.fromEntries(roots), undefined, 2)}\n`);
    }
    const root = roots.get(source);
    if (root !== undefined) return [root];
    // Another process may drive it and write the file later.
    this.roots = undefined;
    return [];
  }

  private async read(): Promise<Map<string, string>> {
    const text = await this.ports.files.read(this.file);
    const value: unknown = text === undefined ? {} : parse(text);
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return new Map(
      entries.filter((entry): entry is [string, string] => typeof (entry[1] as unknown) === 'string'),
    );
  }

  private get file(): string {
    return this.ports.path.join(this.session.store.dir, FILE);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It can be made again: whoever drives the sweep next writes it.
    return undefined;
  }
}
