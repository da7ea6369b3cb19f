import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type { RootCleaner } from '../collection/sourceCleaning';
import type { ComputeSource } from '../compute/computeSource';
import type { FilePiece, FileRange } from '../compute/host';
import type { HostConnections } from '../compute/hostConnections';
import type { CodeProvenance, SweepDirectory } from '../engine/sweepStore';
import type { LineMatcher } from '../results/lineMatcher';
import type { ResultFiles } from '../results/resultFiles';
import type { TaskFiles } from '../results/taskFiles';
import type { CheckoutPort } from '../sync/checkoutPort';
import type { SyncSettings } from '../sync/syncSettings';
import type { SourceConfig } from './sourceConfig';

/** The user's files, and what is derived from a sweep, as text. Paths are absolute. */
export interface ProjectFiles extends TaskFiles, ResultFiles {
  exists(path: string): Promise<boolean>;
  /** The whole file. Undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** A piece of a file that may be growing. See `Host.readRange`. */
  readRange(path: string, range: FileRange): Promise<FilePiece>;
  /** Creates or replaces a file, and its folder. Readers see the old content or the new. */
  write(path: string, content: string): Promise<void>;
  /** Removes a file; none there is fine. */
  remove(path: string): Promise<void>;
}

/** Everything that a project needs from outside. The composition root fills it in. */
export interface ProjectPorts {
  /** Absolute. */
  readonly projectDir: string;
  /** Other absolute paths of it, e.g. with symbolic links resolved: programs name their files by those. */
  readonly projectAliases?: readonly string[];
  /** The user's configuration for this machine, absolute path. */
  readonly machineConfigFile: string;
  readonly files: ProjectFiles;
  /** Looks for the patterns of `results.metrics`, which are the user's, without ever holding up the editor. */
  readonly matcher: LineMatcher;
  readonly clock: Clock;
  readonly log: Logger;
  /** Joins and resolves paths of this machine. */
  readonly path: PathRules;
  readonly process: { readonly pid: number; readonly host: string };
  /** Variables of the environment that tasks on this machine have from here. Only for keeping secrets out of summaries. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the product, for manifests. */
  readonly version: string;
  /** Opens the folder that holds the sweeps; absolute path. */
  sweepDirectory(path: string): SweepDirectory;
  /** Connections to the hosts that sources name. */
  readonly hosts: HostConnections;
  /** Makes a source for one sweep, or for a check. @throws HsmError `source.unavailable` for a type that this build cannot run */
  createSource(name: string, config: SourceConfig): ComputeSource;
  /** What removes this project's files from a source's root. Undefined: the source keeps nothing elsewhere. Absent: none does */
  createCleaner?(name: string, config: SourceConfig): RootCleaner | undefined;
  /**
   * Fills in what a configuration leaves to the machine, e.g. the GPUs that are free now.
   *
   * @param look - `recent`: what the machine told a moment ago will do
   * @throws HsmError when it cannot be asked
   */
  resolveSource(name: string, config: SourceConfig, look: 'new' | 'recent'): Promise<SourceConfig>;
  /** Opens the copy of the project that a source names. @throws HsmError `source.unavailable` for a host that this build cannot reach */
  openCheckout(name: string, config: SourceConfig, settings: CheckoutSettings): CheckoutPort;
  /** The project's files that are copied to other machines, relative to it. @param exclude - more patterns of a `.gitignore` */
  codeFiles(exclude: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Keeps a copy of those files as they are now, for hosts that are to run this state of them, and names its content.
   *
   * @param inUse - names of copies that must stay
   * @throws HsmError `input.invalid` when there are none, or one cannot be read; `disk.unwritable`
   */
  sealCode(exclude: readonly string[], inUse: readonly string[], signal: AbortSignal): Promise<string>;
  /** Whether a copy that {@link sealCode} made is kept still. */
  hasSealedCode(digest: string): Promise<boolean>;
  /**
   * A file as it is in a copy that {@link sealCode} made. Undefined when the copy is not kept any more, or has no such file.
   *
   * @param file - absolute path in the project
   */
  readSealedCode(digest: string, file: string): Promise<string | undefined>;
  /**
   * Copies the project's source files to a folder, as far as they are small and not many, so that what ran can be told
   * where no git tells it. Never rejects.
   *
   * @param outputDir - where results lie, absolute: nothing in it is copied
   */
  copySources(to: string, outputDir: string): Promise<void>;
  /** Where the code stands, with uncommitted changes as a patch. Nothing without a repository. */
  readProvenance(): Promise<{ readonly code: CodeProvenance; readonly patch?: string }>;
  /**
   * A tracked file as it was at a commit with a patch of uncommitted changes on top. Undefined when git cannot tell.
   *
   * @param file - absolute
   */
  readCodeAt(
    commit: string,
    patch: string | undefined,
    file: string,
  ): Promise<{ readonly text: string; readonly dirty: boolean } | undefined>;
}

/** What of the configuration a sync heeds. */
export interface CheckoutSettings {
  readonly sync: SyncSettings;
  /** The folder of results, as written. */
  readonly output: string;
}

/** Paths of this machine. */
export interface PathRules {
  readonly join: (...parts: readonly string[]) => string;
  /** Relative to the project where it lies in it, else as it is; with `/`. */
  readonly relative: (from: string, to: string) => string;
  readonly isAbsolute: (path: string) => boolean;
}
