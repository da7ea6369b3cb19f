import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/base/clock';
import { errorText, HsmError } from '../../core/base/errors';
import { Emitter } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { Logger } from '../../core/base/logger';
import { earlierTasksDir } from '../../core/collection/earlierAttempts';
import type {
  CollectionReport,
  CollectOptions,
  HealthReport,
  Placement,
  SweepContext,
} from '../../core/compute/computeSource';
import type { FilePiece, FileRange, FileToWrite } from '../../core/compute/host';
import { checkoutPatchName } from '../../core/project/launchedCode';
import type { SshSourceConfig } from '../../core/project/sourceConfig';
import { DirectSource } from '../direct/directSource';
import type { StreamHost } from '../host/streamHost';
import { FileTransfer } from '../transfer/fileTransfer';
import { readCheckout } from './checkoutState';
import type { SealedCode } from './codeList';
import { bringSnapshot } from './codeSnapshot';
import { CodeStore } from './codeStore';
import { FollowLog } from './followLog';
import { HostLooks } from './hostLooks';
import { judgeHost } from './remoteHealth';
import { expandRemotePath, isPlainPath } from './remotePath';
import { RemoteResultCollector } from './remoteResultCollector';
import {
  claimPlace,
  formatRecord,
  placeSweep,
  readOwner,
  readRecord,
  toPlacement,
  type PlaceRecord,
  type SweepPlace,
} from './sweepPlace';

export interface SshSourceOptions {
  readonly name: string;
  readonly host: StreamHost;
  readonly config: SshSourceConfig;
  /** Tells this project from others under one root. */
  readonly projectId: string;
  /** Tasks at one time. */
  readonly slots: number;
  /** GPUs by slot. */
  readonly gpus?: readonly (readonly number[])[];
  /** Of those who look at the host before this source is made, so that it need not look again. Default: its own. */
  readonly looks?: HostLooks;
  readonly clock: Clock;
  readonly log: Logger;
  /** Seconds between SIGTERM and SIGKILL. Default 10. */
  readonly graceSec?: number;
  /** Seconds between the runner's looks at itself when nothing pokes it. Default 10. */
  readonly tickSec?: number;
}

/**
 * Runs tasks on a host over SSH: the direct launcher there, under a directory of the product's own, with the code that
 * the sweep was started with. Everything it knows is on the host, so any number of these objects, on any machine, are
 * the same source. It only sees a {@link StreamHost}: how that is reached is not its business.
 */
export class SSHComputeSource extends DirectSource {
  private readonly held = new DisposableStore();
  private readonly changed = this.held.add(new Emitter<void>());
  readonly onDidChange = this.changed.event;
  protected override readonly host: StreamHost;
  /** One for all: it asks the host once for its tools. */
  private readonly transfer: FileTransfer;
  private readonly looks: HostLooks;
  private follow: Disposable | undefined;
  private place: SweepPlace | undefined;
  private placement: Placement | undefined;
  private sweepDir = '';

  constructor(private readonly options: SshSourceOptions) {
    const { host, log } = options;
    super({ ...options, type: 'ssh', surroundings: options.config, logger: log }, () => {
      const { runDir, sharedDir } = this.placedSweep();
      return { ...this.placed(), runDir, sharedDir };
    });
    this.host = host;
    this.looks = options.looks ?? new HostLooks(options.clock);
    this.transfer = new FileTransfer(host, { log });
  }

  override async setup(context: SweepContext, signal: AbortSignal): Promise<Placement> {
    const place = await this.locate(context, signal);
    const [known, owner] = await Promise.all([
      readRecord(this.host, place, signal),
      claimPlace(this.host, place, this.name, signal),
      this.lookAhead(place, signal),
    ]);
    this.requireOwn(place, owner, context);
    if (known) this.requireSameCode(known, context);
    const record = known ?? (await this.bringAll(place, context, signal));
    this.placement = toPlacement(place, record);
    const files = known ? [] : [{ path: place.record, content: formatRecord(record) }];
    await this.prepare(place, record, files, context, signal);
    this.follow ??= this.held.add(
      new FollowLog(
        this.host,
        `${place.runDir}/events`,
        () => {
          this.changed.fire();
        },
        this.options,
      ),
    );
    return this.placement;
  }

  async attach(context: SweepContext, signal: AbortSignal): Promise<Placement | undefined> {
    const place = await this.locate(context, signal);
    const [record, owner = this.name] = await Promise.all([
      readRecord(this.host, place, signal),
      readOwner(this.host, place, signal),
    ]);
    // What is there is another source's to tell.
    this.placement = record && owner === this.name ? toPlacement(place, record) : undefined;
    return this.placement;
  }

  override collectResults(
    tasks: ReadonlyMap<number, string>,
    signal: AbortSignal,
    options?: CollectOptions,
  ): Promise<CollectionReport> {
    const earlier = options?.earlierAttempt;
    const collector = new RemoteResultCollector({
      source: this.name,
      transfer: this.transfer,
      host: this.host,
      log: this.options.log,
      remoteTasksDir: this.placed().tasksDir,
      localTasksDir: join(this.sweepDir, earlier === undefined ? 'tasks' : earlierTasksDir(earlier)),
      rules: this.options.config.collect ?? {},
    });
    return collector.collect(tasks, signal, options);
  }

  override readTaskFile(
    task: string,
    file: string,
    range: FileRange,
    signal: AbortSignal,
  ): Promise<FilePiece> {
    return this.host.readRange(`${this.placed().tasksDir}/${task}/${file}`, range, signal);
  }

  /** @throws HsmError `host.unreachable`, `host.refused` when it cannot be asked; `input.invalid` for a path that cannot be */
  override async healthCheck(signal: AbortSignal): Promise<HealthReport> {
    const { config, gpus = [] } = this.options;
    const known = await this.looks.timed(this.host, this.name, pathsOf(config), signal);
    const checkout = config.code === 'checkout' ? known.checkout : undefined;
    return judgeHost(known, {
      gpus: [...gpus.flat(), ...(config.missingGpus ?? [])],
      ...(checkout !== undefined && { checkout }),
      surroundings: await this.surroundingsFindings(known.facts.hasCheckout ? checkout : undefined, signal),
    });
  }

  override cleanup(): Promise<void> {
    this.held.dispose();
    return super.cleanup();
  }

  private async locate(context: SweepContext, signal: AbortSignal): Promise<SweepPlace> {
    const { root } = this.options.config;
    const known = isPlainPath(root)
      ? { root: expandRemotePath(root, new Map(), `the root of the source "${this.name}"`) }
      : await this.looks.recent(this.host, this.name, { root }, signal);
    this.sweepDir = context.sweepDir;
    this.place = placeSweep(known.root, this.options.projectId, context.sweepId);
    return this.place;
  }

  /**
   * The code and the runner, at one time: each takes several round trips. Only at the first setup of a sweep: from then
   * on the record there says what runs.
   */
  private async bringAll(
    place: SweepPlace,
    context: SweepContext,
    signal: AbortSignal,
  ): Promise<PlaceRecord> {
    const program = this.installProgram(place, signal);
    const [record] = await Promise.all([this.bringCode(place, context, signal), program]);
    return record;
  }

  /**
   * Before the record was there, somebody who cleans up could take an old copy of the code for one that no sweep needs;
   * and a user may remove it at any time.
   *
   * @param files - the record, when there was none
   */
  private async prepare(
    place: SweepPlace,
    { projectDir, code }: PlaceRecord,
    files: readonly FileToWrite[],
    context: SweepContext,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.setUpWith(files, context, signal);
    } catch (error) {
      if (!HsmError.is(error, 'source.unavailable')) throw error;
      const look = await this.host.run(['test', '-d', projectDir], signal);
      if (look.exitCode === 0 || code.kind !== 'snapshot') throw error;
      this.options.log.info(
        `${this.host.label}: the code of ${context.sweepId} is gone and is brought again`,
      );
      await this.useSnapshot(place, { ...context, codeDigest: code.digest }, signal);
      await super.setup(context, signal);
    }
  }

  private bringCode(place: SweepPlace, context: SweepContext, signal: AbortSignal): Promise<PlaceRecord> {
    return this.options.config.code === 'checkout'
      ? this.useCheckout(context, signal)
      : this.useSnapshot(place, context, signal);
  }

  private async useSnapshot(
    place: SweepPlace,
    context: SweepContext,
    signal: AbortSignal,
  ): Promise<PlaceRecord> {
    const store = new CodeStore(context.projectDir, this.options.log);
    const code = await this.codeOf(store, context, signal);
    try {
      return await this.bringCopy(code, place, context, signal);
    } catch (error) {
      const isAway = HsmError.is(error, 'host.unreachable') || HsmError.is(error, 'host.refused');
      if (isAway || !(await store.removeIfDamaged(code, signal))) throw error;
      // The fault is not the host's: the project may still have what the copy here has lost.
      return await this.bringCopy(await this.codeOf(store, context, signal), place, context, signal);
    }
  }

  private async bringCopy(
    code: SealedCode,
    { codeDir }: SweepPlace,
    context: SweepContext,
    signal: AbortSignal,
  ): Promise<PlaceRecord> {
    try {
      const { onCodeProgress: onProgress } = context;
      const request = { code, codeDir, transfer: this.transfer, ...(onProgress && { onProgress }) };
      const { dir, digest } = await bringSnapshot(this.host, request, this.options.log, signal);
      return { projectDir: dir, code: { kind: 'snapshot', digest } };
    } finally {
      context.onCodeProgress?.(undefined);
    }
  }

  /** The state of the code that the sweep was started with; where none was noted down, the present one. */
  private async codeOf(
    store: CodeStore,
    { sweepId, codeDigest, codeExclude = [] }: SweepContext,
    signal: AbortSignal,
  ): Promise<SealedCode> {
    const kept = codeDigest === undefined ? undefined : await store.find(codeDigest);
    if (kept) return kept;
    const present = await store.seal(codeExclude, signal);
    if (codeDigest === undefined || present.digest === codeDigest) return present;
    throw new HsmError(
      'source.unavailable',
      `The code that ${sweepId} was started with is not kept here any more, and the project has changed since: it cannot begin to use the source "${this.name}".`,
      { source: this.name, hint: 'Go on with its other sources, or start a new sweep.' },
    );
  }

  private async useCheckout({ sweepDir }: SweepContext, signal: AbortSignal): Promise<PlaceRecord> {
    const { checkout, facts } = await this.looks.recent(
      this.host,
      this.name,
      pathsOf(this.options.config),
      signal,
    );
    if (checkout === undefined || !facts.hasCheckout) {
      throw new HsmError(
        'source.unavailable',
        `The source "${this.name}" is to run the checkout ${checkout ?? ''} on ${this.host.label}, but there is no such directory.`,
        { source: this.name, hint: 'Clone your project to it, or use `code: snapshot`.' },
      );
    }
    const { code, patch } = await readCheckout(this.host, checkout, signal);
    if (code.dirty === true && patch !== undefined) await this.keepPatch(sweepDir, patch);
    return { projectDir: checkout, code };
  }

  /** Tells later what ran. Without it that is not known, and nothing else is amiss. */
  private async keepPatch(sweepDir: string, patch: string): Promise<void> {
    try {
      await writeFile(join(sweepDir, checkoutPatchName(this.name)), patch);
    } catch (error) {
      this.options.log.warn(
        `${this.name}: the changes of its checkout could not be kept: ${errorText(error)}`,
      );
    }
  }

  /** @throws HsmError `source.unavailable` when the sweep was set up there with another state of the code */
  private requireOwn({ dir }: SweepPlace, owner: string | undefined, { sweepId }: SweepContext): void {
    if (owner === undefined || owner === this.name) return;
    throw new HsmError(
      'source.unavailable',
      `The source "${this.name}" would keep ${sweepId} in the folder that its source "${owner}" has (${dir} on ${this.host.label}): they are one machine, or share a home. Nothing is started there by "${this.name}".`,
      {
        source: this.name,
        hint: 'Give one of them a `root` of its own in .hsm/config.yaml, for the next sweep.',
      },
    );
  }

  private requireSameCode({ code }: PlaceRecord, { sweepId, codeDigest }: SweepContext): void {
    if (code.kind !== 'snapshot' || codeDigest === undefined || code.digest === codeDigest) return;
    const message = `The source "${this.name}" has another state of the code (${code.digest}) for ${sweepId} than the sweep was started with (${codeDigest}); nothing is started there.`;
    throw new HsmError('source.unavailable', message, {
      source: this.name,
      hint: 'Start a new sweep for it.',
    });
  }

  private placed(): Placement {
    if (this.placement === undefined) throw new Error(`source ${this.name} is used before its setup`);
    return this.placement;
  }

  private placedSweep(): SweepPlace {
    if (this.place === undefined) throw new Error(`source ${this.name} is used before its setup`);
    return this.place;
  }
}

function pathsOf({ root, checkout }: SshSourceConfig): { root: string; checkout?: string } {
  return { root, ...(checkout !== undefined && { checkout }) };
}
