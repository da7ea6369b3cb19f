import { HsmError } from '../base/errors';

/** Results could not be brought home, or not all of them. They are where they were. */
export class ResultCollectionError extends HsmError<'source.unavailable'> {
  override readonly name = 'ResultCollectionError';

  /** @param message - what failed, of which sweep, where, and what to do */
  constructor(source: string, message: string, options?: ErrorOptions) {
    super('source.unavailable', message, { source }, options);
  }
}
