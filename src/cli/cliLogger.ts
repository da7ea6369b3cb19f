import type { Logger } from '../core/base/logger';
import type { Output } from './output';

/** Errors go to standard error; the rest of the log too when the user asks for it. */
export function createLogger(err: Output, verbose: boolean): Logger {
  const line = (level: string) => (message: string) => {
    if (verbose) err.print(`${new Date().toISOString()} ${level} ${message}`);
  };
  return {
    error: (message) => {
      if (verbose) line('error')(message);
      else err.print(message);
    },
    warn: line('warn '),
    info: line('info '),
    debug: line('debug'),
  };
}
