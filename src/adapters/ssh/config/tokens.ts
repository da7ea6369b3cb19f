import { createHash } from 'node:crypto';

/** What the tokens of ssh_config(5) stand for. */
export interface TokenValues {
  /** `%h` */
  readonly hostName: string;
  /** `%n` */
  readonly alias: string;
  /** `%p` */
  readonly port: number;
  /** `%r` */
  readonly remoteUser: string;
  /** `%u` */
  readonly localUser: string;
  /** `%d` */
  readonly home: string;
  /** `%l`, and `%L` without its domain */
  readonly localHost: string;
  /** `%i` */
  readonly uid: number;
  /** `%k` */
  readonly keyAlias: string;
  /** `%j` */
  readonly jump: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Replaces tokens and `${VARIABLES}`. What a replacement contains is not replaced again.
 *
 * @returns undefined when a token or variable is unknown: OpenSSH refuses such a value
 */
export function expandTokens(text: string, values: TokenValues): string | undefined {
  const unknown: string[] = [];
  const expanded = text.replace(/%(.?)|\$\{(\w+)\}/g, (all, token?: string, variable?: string) => {
    const value = variable === undefined ? tokenValue(token ?? '', values) : values.env[variable];
    if (value === undefined) unknown.push(all);
    return value ?? '';
  });
  return unknown.length === 0 ? expanded : undefined;
}

/** A path with its tokens and a leading `~` replaced; a relative one starts at the home directory, as for ssh. */
export function expandPath(text: string, values: TokenValues): string | undefined {
  const path = expandTokens(text, values);
  if (path === undefined) return undefined;
  if (path === '~' || path.startsWith('~/')) return values.home + path.slice(1);
  return path.startsWith('/') || /^([A-Za-z]:)?[\\/]/.test(path) ? path : `${values.home}/${path}`;
}

function tokenValue(token: string, values: TokenValues): string | undefined {
  const { hostName, port, remoteUser, localHost, jump } = values;
  const byToken: Record<string, string> = {
    '%': '%',
    h: hostName,
    n: values.alias,
    p: String(port),
    r: remoteUser,
    u: values.localUser,
    d: values.home,
    l: localHost,
    L: localHost.split('.')[0] ?? localHost,
    i: String(values.uid),
    k: values.keyAlias,
    j: jump,
    C: createHash('sha1').update(`${localHost}${hostName}${port}${remoteUser}${jump}`).digest('hex'),
  };
  return byToken[token];
}
