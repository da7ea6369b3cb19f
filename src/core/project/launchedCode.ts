import type { CodePlace } from '../compute/computeSource';
import type { CodeAtLaunch } from '../facade';
import type { ProjectPorts } from './projectPorts';
import type { SweepSession } from './sweepSession';

/** Where the uncommitted changes of a source's checkout are kept, as they were when the sweep was set up there. */
export function checkoutPatchName(source: string): string {
  return `code.${encodeURIComponent(source)}.patch`;
}

/** Copies of the project's source files where there is no git, in the sweep's directory. */
export const SOURCES_DIR = 'code';

/** The code that the tasks of one sweep run, as far as anything tells what it was. */
export class LaunchedCode {
  constructor(
    private readonly session: SweepSession,
    private readonly ports: ProjectPorts,
  ) {}

  /**
   * A file of the project as it ran.
   *
   * @param file - absolute, on this machine
   * @param task - where it ran. Default: anywhere; then undefined where the sources ran different versions
   */
  async read(file: string, task?: number): Promise<CodeAtLaunch | undefined> {
    const { sources, state } = this.session;
    const names = sources.map(({ name }) => name);
    const own = task === undefined ? undefined : state.sources[state.tasks.sourceOf(task)];
    const [first, ...others] = await Promise.all(
      (own === undefined ? names : [own]).map((source) => this.readOf(source, file)),
    );
    return others.every((other) => other?.text === first?.text) ? first : undefined;
  }

  private async readOf(source: string, file: string): Promise<CodeAtLaunch | undefined> {
    const place = this.session.state.placements.get(source)?.code;
    if (place?.kind === 'checkout') return this.readCheckout(source, place, file);
    // One that was never set up is at a commit of its own, too.
    if (this.isCheckout(source)) return undefined;
    const digest = place?.kind === 'snapshot' ? place.digest : undefined;
    const sealed = digest === undefined ? undefined : await this.ports.readSealedCode(digest, file);
    return sealed === undefined ? this.readHere(file) : { text: sealed, dirty: false };
  }

  /** The project as it was here. */
  private async readHere(file: string): Promise<CodeAtLaunch | undefined> {
    const { commit } = this.session.manifest.code;
    if (commit !== undefined) return this.readAt(commit, await this.readPatch('code.patch'), file);
    const { files, path, projectDir } = this.ports;
    const inside = path.relative(projectDir, file);
    if (path.isAbsolute(inside)) return undefined;
    const text = await files.read(path.join(this.session.store.dir, SOURCES_DIR, inside));
    return text === undefined ? undefined : { text, dirty: false };
  }

  /** A commit that was never brought here tells nothing. */
  private async readCheckout(
    source: string,
    { commit, dirty }: Extract<CodePlace, { kind: 'checkout' }>,
    file: string,
  ): Promise<CodeAtLaunch | undefined> {
    if (commit === undefined) return undefined;
    if (dirty !== true) return this.readAt(commit, undefined, file);
    const patch = await this.readPatch(checkoutPatchName(source));
    // Changes are known to be there, and nobody kept them.
    return patch === undefined ? undefined : this.readAt(commit, patch, file);
  }

  private async readAt(
    commit: string,
    patch: string | undefined,
    file: string,
  ): Promise<CodeAtLaunch | undefined> {
    const found = await this.ports.readCodeAt(commit, patch, file);
    return found && { ...found, commit };
  }

  private readPatch(name: string): Promise<string | undefined> {
    return this.ports.files.read(this.ports.path.join(this.session.store.dir, name));
  }

  private isCheckout(source: string): boolean {
    const config: unknown = this.session.sources.find(({ name }) => name === source)?.config;
    return typeof config === 'object' && config !== null && 'code' in config && config.code === 'checkout';
  }
}
