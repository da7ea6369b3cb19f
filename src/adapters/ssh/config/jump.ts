/** A host to go through, as a configuration names it. */
export interface JumpName {
  readonly alias: string;
  readonly user?: string;
  readonly port?: string;
}

/**
 * Names of hosts that may be looked up, shown and put on a command line: no leading dash, nothing that a shell or a
 * terminal would read.
 */
export function isAlias(text: string): boolean {
  return text.length <= 255 && /^[A-Za-z0-9_:][A-Za-z0-9._:%@-]*$/.test(text);
}

/** `ada@gpubox` in its parts. */
export function parseAlias(text: string): JumpName {
  const at = text.lastIndexOf('@');
  return at < 1 ? { alias: text } : { alias: text.slice(at + 1), user: text.slice(0, at) };
}

/**
 * The hops of a ProxyJump, e.g. `ada@bastion:2222,inner` or `ssh://bastion:2222`.
 *
 * @returns undefined when a hop is not a host's name
 */
export function parseProxyJump(text: string): JumpName[] | undefined {
  const hops = text.split(',').map((each) => parseHop(each.trim()));
  return hops.every((hop) => hop !== undefined) ? hops : undefined;
}

/**
 * The hops of a ProxyCommand that is nothing but a jump, e.g. `ssh -q -W %h:%p bastion`.
 *
 * @returns undefined for any other command
 */
export function parseJumpCommand(words: readonly string[]): JumpName[] | undefined {
  const [program = '', ...rest] = words[0] === 'exec' ? words.slice(1) : words;
  if (!/^(\/usr(\/local)?\/bin\/)?ssh$/.test(program)) return undefined;
  const parts = readOptions(rest);
  if (parts?.forward === undefined || !/^(%h|\[%h\]):%p$/.test(parts.forward)) return undefined;
  const hop = parts.destination === undefined ? undefined : parseHop(parts.destination);
  if (!hop) return undefined;
  const user = parts.user ?? hop.user;
  const port = parts.port ?? hop.port;
  return [{ alias: hop.alias, ...(user !== undefined && { user }), ...(port !== undefined && { port }) }];
}

interface CommandParts {
  forward?: string;
  user?: string;
  port?: string;
  destination?: string;
}

/** Undefined: there is an option whose meaning a plain jump would lose. */
function readOptions(words: readonly string[]): CommandParts | undefined {
  const parts: CommandParts = {};
  const keys = { '-W': 'forward', '-l': 'user', '-p': 'port' } as const;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (/^-[qTax]+$/.test(word)) continue;
    if (word === '-W' || word === '-l' || word === '-p') parts[keys[word]] = words[++index] ?? '';
    else if (word.startsWith('-') || parts.destination !== undefined) return undefined;
    else parts.destination = word;
  }
  return parts;
}

function parseHop(text: string): JumpName | undefined {
  const parts = /^(?:ssh:\/\/)?(?:(.+)@)?(\[[^\]]+\]|[^@:]+)(?::(\d+))?\/?$/.exec(text);
  const alias = parts?.[2]?.replace(/^\[|\]$/g, '');
  if (alias === undefined || !isAlias(alias)) return undefined;
  const [user, port] = [parts?.[1], parts?.[3]];
  if (user !== undefined && !/^[\w.@+-]+$/.test(user)) return undefined;
  return { alias, ...(user !== undefined && { user }), ...(port !== undefined && { port }) };
}
