import type { Clock } from '../../core/base/clock';
import { errorText, HsmError } from '../../core/base/errors';
import { Emitter } from '../../core/base/event';
import { DisposableStore, type Disposable } from '../../core/base/lifecycle';
import type { Logger } from '../../core/base/logger';
import type { ConnectionState } from '../../core/compute/hostConnections';
import { retryDelayMs } from './backoff';
import { onAbort, untilAborted } from './onAbort';
import { SshSession } from './sshSession';
import type { SshTransport } from './sshTransport';

/** A connection that came about. */
export interface OpenedTransport {
  readonly transport: SshTransport;
  /** Why this kind, as a sentence, where that was not the configuration's choice. */
  readonly because?: string;
}

export interface HostConnectionOptions {
  /** The alias. */
  readonly host: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly mayAskUnasked: boolean;
  /** @throws HsmError `host.refused` or `host.unreachable` */
  open(mayAsk: boolean, signal: AbortSignal): Promise<OpenedTransport>;
}

/** How long work waits for a connection that is coming about, or is to be tried again. */
const PATIENCE_MS = 60_000;
/** With the next try farther away work is told so at once. */
const RETRY_PATIENCE_MS = 10_000;
/** A lost connection is opened again unasked while somebody used it this lately. */
const WANTED_MS = 15 * 60_000;

interface Attempt {
  readonly mayAsk: boolean;
  readonly session: Promise<SshSession>;
  readonly giveUp: AbortController;
  /** How many wait for it. */
  waiting: number;
}

/**
 * The connection to one host through its lives: opened when somebody needs it, opened again after a loss, left alone
 * when the host refuses or the user would have to be asked. At most one try is under way.
 */
export class HostConnection implements Disposable {
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;
  private current: ConnectionState = { kind: 'disconnected' };
  private session: SshSession | undefined;
  private attempt: Attempt | undefined;
  private retry: Disposable | undefined;
  private refusal: HsmError | undefined;
  private failures = 0;
  private isDisposed = false;
  /** The user closed it, and has not opened it since. */
  private isHeld = false;
  private lastUsedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: HostConnectionOptions) {}

  get state(): ConnectionState {
    return this.current;
  }

  /**
   * The connection for work. Waits while it is coming about.
   *
   * @throws HsmError `host.refused`: nothing is tried before {@link connect}; or `host.unreachable`
   */
  async use(signal: AbortSignal): Promise<SshSession> {
    const known = this.openForWork();
    this.lastUsedMs = this.options.clock.elapsed();
    if (known) return known;
    const patience = this.startPatience();
    const either = AbortSignal.any([signal, patience.signal]);
    try {
      if (this.current.kind === 'waiting') {
        await this.untilNextTry(this.current, either);
        // What ended the wait may be the user, who closed it or opened it.
        const opened = this.openForWork();
        if (opened) return opened;
      }
      return await this.wait(this.attempt ?? this.begin(this.options.mayAskUnasked), either, signal);
    } finally {
      patience.dispose();
    }
  }

  /** The connection for the user, who may be asked. At once, whatever was planned. @throws HsmError as {@link use} */
  async connect(signal: AbortSignal): Promise<SshSession> {
    this.checkInUse();
    this.isHeld = false;
    this.lastUsedMs = this.options.clock.elapsed();
    const running = this.attempt;
    if (running && !running.mayAsk) {
      // It may do without asking; if not, the user is here now.
      await this.wait(running, signal).catch(() => {
        signal.throwIfAborted();
      });
      this.checkOpenable();
    }
    return this.session ?? this.wait(this.attempt ?? this.begin(true), signal);
  }

  /** Closes it for the user. Work that needs it does without until {@link connect}. */
  disconnect(): void {
    this.isHeld = true;
    this.close();
    if (this.current.kind !== 'disconnected' || !this.current.byUser)
      this.become({ kind: 'disconnected', byUser: true });
  }

  dispose(): void {
    this.isDisposed = true;
    this.close();
    // For those who wait for the next try.
    this.changed.fire();
    this.changed.dispose();
  }

  private close(): void {
    this.callOff();
    this.retry?.dispose();
    this.refusal = undefined;
    this.failures = 0;
    this.lastUsedMs = Number.NEGATIVE_INFINITY;
    this.closeSession();
  }

  private heldError(): HsmError<'host.refused'> {
    const { host } = this.options;
    return new HsmError('host.refused', `You have disconnected ${host}.`, {
      host,
      hint: `Connect to ${host} to go on. Tasks there run in any case.`,
    });
  }

  private begin(mayAsk: boolean): Attempt {
    this.retry?.dispose();
    this.refusal = undefined;
    const giveUp = new AbortController();
    const attempt = { mayAsk, giveUp, waiting: 0, session: this.open(mayAsk, giveUp) };
    // Its outcome shows in the state, should nobody wait for it any more.
    attempt.session.catch(() => undefined);
    this.attempt = attempt;
    this.become({ kind: 'connecting' });
    return attempt;
  }

  private async open(mayAsk: boolean, giveUp: AbortController): Promise<SshSession> {
    try {
      const opened = await this.options.open(mayAsk, giveUp.signal);
      if (!giveUp.signal.aborted) return this.succeed(opened);
      opened.transport.dispose();
      throw giveUp.signal.reason as Error;
    } catch (error) {
      // What was called off has made room for another already.
      if (!giveUp.signal.aborted) this.fail(error, mayAsk);
      throw error;
    }
  }

  private succeed({ transport, because }: OpenedTransport): SshSession {
    const session = new SshSession(transport, this.options.host, this.options.log);
    this.session = session;
    this.attempt = undefined;
    this.failures = 0;
    session.onDidLose((reason) => {
      // What is lost may have been replaced already.
      if (this.session !== session) return;
      this.closeSession();
      this.options.log.info(`${this.options.host}: the connection was lost: ${reason}`);
      this.waitToRetry(`The connection was lost: ${reason}.`);
    });
    this.options.log.info(`${this.options.host}: connected (${transport.kind})`);
    this.become({
      kind: 'connected',
      transport: transport.kind,
      ...(because === undefined ? {} : { because }),
    });
    return session;
  }

  private fail(error: unknown, wasAsked: boolean): void {
    this.attempt = undefined;
    this.options.log.info(`${this.options.host}: ${errorText(error)}`);
    this.failures += 1;
    if (HsmError.is(error, 'host.unreachable')) {
      this.waitToRetry(error.message);
      return;
    }
    this.refusal = HsmError.is(error, 'host.refused')
      ? error
      : new HsmError('host.refused', errorText(error), this.where, { cause: error });
    const hint = HsmError.is(error, 'host.refused') ? error.details.hint : undefined;
    this.become({
      kind: 'refused',
      reason: this.refusal.message,
      ...(hint === undefined ? {} : { hint }),
      ...(wasAsked ? { wasAsked } : {}),
    });
  }

  private waitToRetry(reason: string): void {
    const { clock, random } = this.options;
    const delayMs = retryDelayMs(this.failures, random());
    this.retry = clock.after(delayMs, () => {
      this.retryIfWanted();
    });
    this.become({ kind: 'waiting', reason, retryAtMs: clock.now() + delayMs });
  }

  private retryIfWanted(): void {
    const isWanted = this.options.clock.elapsed() - this.lastUsedMs < WANTED_MS;
    if (isWanted) this.begin(this.options.mayAskUnasked);
    else this.become({ kind: 'disconnected' });
  }

  /** @throws HsmError `host.unreachable` when the next try is far away */
  private async untilNextTry(
    { reason, retryAtMs }: ConnectionState & { kind: 'waiting' },
    signal: AbortSignal,
  ): Promise<void> {
    const inMs = retryAtMs - this.options.clock.now();
    if (inMs > RETRY_PATIENCE_MS) {
      const message = `${reason} It is tried again in ${Math.ceil(inMs / 1000)} s.`;
      throw new HsmError('host.unreachable', message, this.where);
    }
    await new Promise<void>((resolve, reject) => {
      const watch = new DisposableStore();
      const settle = (outcome: () => void): void => {
        watch.dispose();
        outcome();
      };
      watch.add(
        this.onDidChange(() => {
          settle(resolve);
        }),
      );
      watch.add(
        onAbort(signal, (error) => {
          settle(() => {
            reject(error);
          });
        }),
      );
    });
  }

  /**
   * The outcome of a try. Nobody needs a try when all who waited for it gave up.
   *
   * @param own - tells the caller's giving up from mere impatience, which leaves the try alone
   */
  private async wait(attempt: Attempt, signal: AbortSignal, own = signal): Promise<SshSession> {
    attempt.waiting += 1;
    try {
      return await untilAborted(attempt.session, signal);
    } finally {
      attempt.waiting -= 1;
      if (own.aborted && attempt.waiting === 0 && this.attempt === attempt) this.callOff();
    }
  }

  private callOff(): void {
    const { attempt } = this;
    this.attempt = undefined;
    const message = `Connecting to ${this.options.host} was called off.`;
    attempt?.giveUp.abort(new HsmError('host.unreachable', message, this.where));
    if (attempt) this.become({ kind: 'disconnected' });
  }

  /** Where the user is asked only on request, work does not wait for the answer for ever. */
  private startPatience(): Disposable & { readonly signal: AbortSignal } {
    const late = new AbortController();
    if (this.options.mayAskUnasked) return { signal: late.signal, dispose: () => undefined };
    const timer = this.options.clock.after(PATIENCE_MS, () => {
      const message = `${this.options.host} is not connected yet.`;
      late.abort(new HsmError('host.unreachable', message, this.where));
    });
    return {
      signal: late.signal,
      dispose: () => {
        timer.dispose();
      },
    };
  }

  private closeSession(): void {
    const { session } = this;
    this.session = undefined;
    session?.dispose();
  }

  /** Undefined: it may be opened. Work opens nothing that the user closed, or that a host refused. */
  private openForWork(): SshSession | undefined {
    this.checkOpenable();
    if (this.refusal) throw this.refusal;
    return this.session;
  }

  private checkOpenable(): void {
    this.checkInUse();
    if (this.isHeld) throw this.heldError();
  }

  /** Who is late must not open again what was closed for good. */
  private checkInUse(): void {
    if (this.isDisposed)
      throw new HsmError(
        'host.unreachable',
        `The connection to ${this.options.host} was closed.`,
        this.where,
      );
  }

  private become(state: ConnectionState): void {
    this.current = state;
    this.changed.fire();
  }

  private get where(): { readonly host: string } {
    return { host: this.options.host };
  }
}
