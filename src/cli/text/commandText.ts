import { quoteWord } from '../../core/base/shellWord';

/** A command as one could type it. */
export function formatCommand([program = '', ...rest]: readonly string[]): string {
  return [quoteWord(program), ...rest.map(formatArgument)].join(' ');
}

/**
 * An argument as one could type it. `name=value` stays readable: only as the first word would a shell take it for an
 * assignment.
 */
export function formatArgument(text: string): string {
  return /^[\w@%+:,./-]+=[\w@%+:,./=-]*$/.test(text) ? text : quoteWord(text);
}
