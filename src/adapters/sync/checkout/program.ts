import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { HsmError } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import type { ProcessEnd, StreamHost } from '../../host/streamHost';
import apply from './apply.sh';
import arrived from './arrived.sh';
import backups from './backups.sh';
import bundle from './bundle.sh';
import change from './change.sh';
import common from './common.sh';
import diff from './diff.sh';
import folds from './folds.sh';
import leftovers from './leftovers.sh';
import list from './list.sh';
import lock from './lock.sh';
import look from './look.sh';
import merge from './merge.sh';
import place from './place.sh';
import probe from './probe.sh';
import read from './read.sh';
import recover from './recover.sh';
import restore from './restore.sh';
import show from './show.sh';
import { splitSections, type Sections } from './words';

const PROGRAMS = {
  probe: common + probe,
  diff: common + diff,
  list: common + list,
  look: common + look,
  read: common + read,
  bundle: common + bundle,
  show: common + show,
  backups: common + backups,
  apply: common + change + lock + leftovers + merge + place + apply,
  arrived: common + change + lock + leftovers + arrived,
  recover: common + change + lock + merge + recover,
  folds: common + change + lock + folds,
  restore: common + change + lock + restore,
} as const;

export type ProgramName = keyof typeof PROGRAMS;

export interface ProgramCall {
  readonly name: ProgramName;
  readonly args?: readonly string[];
  /** Standard input. */
  readonly input?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Runs the programs for a checkout on its host: POSIX `sh`, and git where it is. */
export class Programs {
  constructor(
    private readonly host: StreamHost,
    /** As the configuration writes it. */
    private readonly checkout: string,
    private readonly log: Logger,
  ) {}

  /**
   * Runs a program and reads the sections that it answers.
   *
   * @throws HsmError `host.unreachable` when the answer breaks off
   */
  async ask(call: ProgramCall, signal: AbortSignal): Promise<Sections> {
    const mark = randomBytes(8).toString('hex');
    const { bytes, stderr, end } = await this.run(call, mark, signal);
    const sections = splitSections(bytes, mark);
    if (sections) return sections;
    throw this.brokenOff(call, end, stderr);
  }

  /** Runs a program and hands on what it writes, piece by piece. @throws HsmError `command.failed`, and what `take` throws */
  async pour(call: ProgramCall, take: (bytes: Buffer) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { stderr, end } = await this.run(call, 'bytes', signal, take);
    if (end.kind !== 'exited' || end.exitCode !== 0) throw this.brokenOff(call, end, stderr);
  }

  private async run(
    { name, args = [], input = Buffer.alloc(0) }: ProgramCall,
    mark: string,
    signal: AbortSignal,
    take?: (bytes: Buffer) => Promise<void>,
  ): Promise<{ bytes: Buffer; stderr: string; end: ProcessEnd }> {
    this.log.debug(`${this.host.label}: sync program ${name} in ${this.checkout} ${args.join(' ')}`);
    const argv = ['sh', '-c', PROGRAMS[name], 'hsm', this.checkout, mark, ...args];
    const process = await this.host.start(argv, signal);
    const source = new WatchedInput(input);
    // A program may end without reading all of its input; its answer says why.
    const sent = pipeline(source.read(), process.stdin).catch(() => undefined);
    const chunks: Buffer[] = [];
    const errors: Buffer[] = [];
    await Promise.all([
      each(process.stdout, take ?? gatherInto(chunks)),
      each(process.stderr, gatherInto(errors)),
    ]);
    const end = await process.ended;
    await sent;
    signal.throwIfAborted();
    if (source.failure !== undefined) throw source.failure;
    return { bytes: Buffer.concat(chunks), stderr: Buffer.concat(errors).toString('utf8').trim(), end };
  }

  private brokenOff({ name }: ProgramCall, end: ProcessEnd, stderr: string): HsmError {
    const { label } = this.host;
    if (end.kind === 'exited') {
      const message = `The sync program "${name}" failed on ${label} with exit code ${end.exitCode}: ${stderr}`;
      return new HsmError('command.failed', message, { argv: ['sh', name], exitCode: end.exitCode, stderr });
    }
    const why = end.kind === 'lost' ? end.reason : `it was ended by ${end.signal}`;
    return new HsmError('host.unreachable', `The answer of ${label} broke off: ${why}`, {
      host: label,
      hint: 'Compare again: it tells which files are old and which are new.',
    });
  }
}

function gatherInto(chunks: Buffer[]): (chunk: Buffer) => Promise<void> {
  return (chunk) => {
    chunks.push(chunk);
    return Promise.resolve();
  };
}

async function each(stream: Readable, take: (chunk: Buffer) => Promise<void>): Promise<void> {
  for await (const chunk of stream as AsyncIterable<Buffer>) await take(chunk);
}

/** Tells a failure of the input itself, e.g. a file that changed, from a program that stopped reading. */
class WatchedInput {
  failure: Error | undefined;

  constructor(private readonly input: Uint8Array | AsyncIterable<Uint8Array>) {}

  async *read(): AsyncGenerator<Uint8Array> {
    if (this.input instanceof Uint8Array) {
      yield this.input;
      return;
    }
    try {
      yield* this.input;
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }
}
