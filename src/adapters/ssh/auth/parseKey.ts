import type { ParsedKey } from 'ssh2';

/**
 * Reads a key by ssh2's parser, which is loaded with the first one: most windows never need it.
 *
 * @returns an Error that says what is wrong with the text or the passphrase
 */
export async function parseKey(text: string, passphrase?: string): Promise<ParsedKey | Error> {
  const loaded = await import('ssh2');
  // Node finds only some names of a CommonJS module; a bundler finds all.
  const { utils } = 'default' in loaded ? (loaded.default as typeof loaded) : loaded;
  const parsed = utils.parseKey(text, passphrase);
  // OpenSSH's format may hold several keys; it never does.
  return [parsed].flat()[0] ?? new Error('it is empty');
}
