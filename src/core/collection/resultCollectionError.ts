import { errorText, HsmError, type ErrorCode } from '../base/errors';

/** What kept results from coming home, by what one does next. */
export type CollectionFault =
  /** The host is away: trying again later may help. */
  | 'unreachable'
  /** Its host wants something of the user. */
  | 'refused'
  /** This machine's disk does not take them. */
  | 'disk'
  /** What came is not what is there, even the second time. */
  | 'different'
  /** Something there cannot be read. */
  | 'unreadable'
  /** Nothing of a task is there any more. */
  | 'gone'
  /** A tool failed, there or here. */
  | 'failed';

/** Results could not be brought home, or not all of them. They are where they were. */
export class ResultCollectionError extends HsmError<'source.unavailable'> {
  override readonly name = 'ResultCollectionError';

  /** @param message - what failed, of which sweep, where, and what to do */
  constructor(
    readonly source: string,
    readonly fault: CollectionFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super('source.unavailable', message, { source }, options);
  }

  /** What a collection from a source was ended by. */
  static from(source: string, error: unknown): ResultCollectionError {
    if (error instanceof ResultCollectionError) return error;
    const code: ErrorCode | undefined = error instanceof HsmError ? (error as HsmError).code : undefined;
    const fault = (code && FAULTS[code]) ?? 'failed';
    return new ResultCollectionError(source, fault, errorText(error), { cause: error });
  }

  /** Whether other tasks of the source would fare no better. */
  get concernsAll(): boolean {
    return ['unreachable', 'refused', 'disk'].includes(this.fault);
  }

  /** Whether the next try, soon and with nobody doing anything, may come to something else. */
  get mayPass(): boolean {
    return !['refused', 'disk', 'gone'].includes(this.fault);
  }
}

const FAULTS: Readonly<Partial<Record<ErrorCode, CollectionFault>>> = {
  'host.unreachable': 'unreachable',
  'host.refused': 'refused',
  'disk.unwritable': 'disk',
};
