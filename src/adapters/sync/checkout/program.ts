import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { HsmError } from '../../../core/base/errors';
import type { Logger } from '../../../core/base/logger';
import type { ProcessEnd, StreamHost } from '../../host/streamHost';
import apply from './apply.sh';
import backups from './backups.sh';
import bundle from './bundle.sh';
import change from './change.sh';
import common from './common.sh';
import list from './list.sh';
import look from './look.sh';
import merge from './merge.sh';
import probe from './probe.sh';
import read from './read.sh';
import recover from './recover.sh';
import restore from './restore.sh';
import { splitSections, type Sections } from './words';

const PROGRAMS = {
  probe: common + probe,
  list: common + list,
  look: common + look,
  read: common + read,
  bundle: common + bundle,
  backups: common + backups,
  apply: common + change + merge + apply,
  recover: common + change + merge + recover,
  restore: common + change + restore,
} as const;

export type ProgramName = keyof typeof PROGRAMS;

export interface ProgramCall {
  readonly name: ProgramName;
  readonly args?: readonly string[];
  /** Standard input. */
  readonly input?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Answers longer than this are no answers. */
const MAX_ANSWER_BYTES = 1024 * 1024 * 1024;

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

  /** Runs a program and gives what it writes as it is. @throws HsmError `command.failed` */
  async bytes(call: ProgramCall, signal: AbortSignal): Promise<Buffer> {
    const { bytes, stderr, end } = await this.run(call, 'bytes', signal);
    if (end.kind === 'exited' && end.exitCode === 0) return bytes;
    throw this.brokenOff(call, end, stderr);
  }

  private async run(
    { name, args = [], input = Buffer.alloc(0) }: ProgramCall,
    mark: string,
    signal: AbortSignal,
  ): Promise<{ bytes: Buffer; stderr: string; end: ProcessEnd }> {
    this.log.debug(`${this.host.label}: sync program ${name} in ${this.checkout} ${args.join(' ')}`);
    const process = await this.host.start(
      ['sh', '-c', PROGRAMS[name], 'hsm', this.checkout, mark, ...args],
      signal,
    );
    const source = input instanceof Uint8Array ? Readable.from([input]) : Readable.from(input);
    // A program may end without reading all of its input; its answer says why.
    const sent = pipeline(source, process.stdin).catch(() => undefined);
    const [bytes, stderr] = await Promise.all([
      gather(process.stdout, MAX_ANSWER_BYTES),
      gather(process.stderr, 64 * 1024),
    ]);
    const end = await process.ended;
    source.destroy();
    await sent;
    signal.throwIfAborted();
    return { bytes, stderr: stderr.toString('utf8').trim(), end };
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

/** All of a stream up to a limit; what comes after that is read and dropped. */
async function gather(stream: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
