import { quoteWord } from '../../../core/base/shellWord';

/**
 * A command line that runs a script by `/bin/sh`, whatever shell the user logs in with. It has one shape, and in it
 * nothing that one of bash, dash, zsh, ksh, csh, tcsh, fish or BusyBox's ash would read in its own way: two words in
 * single quotes, free of quotes, line breaks and `!`, the second with every unsafe byte as `\0ooo`.
 */
export function toCommandLine(script: string): string {
  return `exec /bin/sh -c 'eval "$(printf %b "$0")"' '${escapeBytes(script)}'`;
}

/** Linux takes no longer argument, and the login shell gets the command line as one. */
export const MAX_COMMAND_LINE = 128 * 1024 - 1;

/** Starts the user's login shell in a directory; in the home directory, with a word of the shell, when there is none. */
export function loginShellAt(dir: string): string {
  return toCommandLine(`cd -- ${quoteWord(dir)}; exec "\${SHELL:-/bin/sh}" -l`);
}

/** What `printf %b` turns into the text again. Free of whatever is special inside single quotes in any shell. */
export function escapeBytes(text: string | Uint8Array): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  let escaped = '';
  for (const byte of bytes) {
    escaped += isSafe(byte) ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return escaped;
}

/** Printable ASCII but `'`, which ends a word, `\`, which fish and printf read, and `!`, which csh reads. */
function isSafe(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c && byte !== 0x21;
}
