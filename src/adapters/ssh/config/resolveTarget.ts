import { HsmError } from '../../../core/base/errors';
import type { SshTarget } from '../sshTarget';
import { readConfigTree, type ConfigRoot } from './configTree';
import type { ConfigEnvironment } from './configEnvironment';
import { isAlias, parseAlias, parseJumpCommand, parseProxyJump, type JumpName } from './jump';
import { onlyOpenSsh } from './onlyOpenSsh';
import { Settings } from './settings';
import { expandPath, expandTokens, type TokenValues } from './tokens';
import { authentications, knownHosts, seconds } from './translate';

const DEFAULT_IDENTITIES = ['id_ed25519', 'id_ecdsa', 'id_rsa', 'id_ed25519_sk', 'id_ecdsa_sk'];
const DEFAULT_CONNECT_TIMEOUT_MS = 15_000;

/**
 * What `ssh ALIAS` would connect to. Nothing is executed: not `Match exec`, not ProxyCommand. An alias without an
 * entry is the name of a host; `user@alias` is fine.
 *
 * @throws HsmError `host.refused` when the alias is none, or the configuration cannot be used
 */
export async function resolveTarget(alias: string, environment: ConfigEnvironment): Promise<SshTarget> {
  if (!isAlias(alias)) {
    throw refused(alias, `${JSON.stringify(alias)} is not the name of an SSH host.`, ALIAS_HINT);
  }
  const roots = await readConfigTree(alias, environment);
  const { alias: name, ...given } = parseAlias(alias);
  const target = new Resolver(roots, environment).resolve({ alias: name, ...given }, []);
  return { ...target, alias };
}

const ALIAS_HINT =
  'Use an alias of ~/.ssh/config: letters, digits and . _ - : @ %, beginning with a letter or digit.';

class Resolver {
  constructor(
    private readonly roots: readonly ConfigRoot[],
    private readonly environment: ConfigEnvironment,
  ) {}

  /** @param via - the aliases whose way is being looked for, to find a circle */
  resolve(name: JumpName, via: readonly string[]): SshTarget {
    const { environment } = this;
    const { alias } = name;
    if (via.includes(alias)) throw refused(via[0] ?? alias, circle([...via, alias]), JUMP_HINT);
    const settings = new Settings(this.roots, { ...name, localUser: environment.userName });
    const values = this.tokenValues(alias, settings);
    const { jumps, ...way } = this.way(alias, settings, [...via, alias]);
    const other = onlyOpenSsh(settings);
    return {
      alias,
      hostName: values.hostName,
      port: values.port,
      user: values.remoteUser,
      ...this.identities(settings, values),
      jumps,
      knownHosts: knownHosts(settings, values),
      connectTimeoutMs: seconds(settings.text('connecttimeout')) ?? DEFAULT_CONNECT_TIMEOUT_MS,
      aliveIntervalMs: seconds(settings.text('serveraliveinterval')) ?? 0,
      preferredAuthentications: authentications(settings),
      needsOpenSsh: [...way.needsOpenSsh, ...other.needsOpenSsh],
      forbidsSsh2: [...way.forbidsSsh2, ...other.forbidsSsh2],
    };
  }

  private tokenValues(alias: string, settings: Settings): TokenValues {
    const { environment } = this;
    const hostName = (settings.text('hostname') ?? alias).replace(/%([%h])/g, (_all, token) =>
      token === 'h' ? alias : '%',
    );
    const values = {
      hostName,
      alias,
      port: port(alias, settings),
      remoteUser: '',
      localUser: environment.userName,
      home: environment.home,
      localHost: environment.hostName,
      uid: environment.uid,
      keyAlias: settings.text('hostkeyalias') ?? alias,
      jump: settings.text('proxyjump') ?? '',
      env: environment.env,
    };
    const remoteUser = expandTokens(settings.text('user') ?? environment.userName, values);
    if (remoteUser === undefined) throw unknownToken(alias, 'User', settings.text('user') ?? '');
    return { ...values, remoteUser };
  }

  private identities(
    settings: Settings,
    values: TokenValues,
  ): Pick<SshTarget, 'identityFiles' | 'certificateFiles' | 'identitiesOnly' | 'agentSocket'> {
    const named = settings.all('identityfile');
    const defaults = DEFAULT_IDENTITIES.map((file) => `~/.ssh/${file}`);
    const paths = (files: readonly string[], setting: string): string[] =>
      files
        .filter((file) => file.toLowerCase() !== 'none')
        .map((file) => {
          const path = expandPath(file, values);
          if (path === undefined) throw unknownToken(values.alias, setting, file);
          return path;
        });
    const agentSocket = this.agent(settings, values);
    return {
      identityFiles: [...new Set(paths(named.length > 0 ? named : defaults, 'IdentityFile'))],
      certificateFiles: paths(settings.all('certificatefile'), 'CertificateFile'),
      identitiesOnly: settings.isYes('identitiesonly'),
      ...(agentSocket !== undefined && { agentSocket }),
    };
  }

  private agent(settings: Settings, values: TokenValues): string | undefined {
    const { env, defaultAgent } = this.environment;
    const named = settings.text('identityagent') ?? 'SSH_AUTH_SOCK';
    if (named.toLowerCase() === 'none') return undefined;
    if (named === 'SSH_AUTH_SOCK') return env['SSH_AUTH_SOCK'] ?? defaultAgent;
    if (/^\$\w+$/.test(named)) return env[named.slice(1)];
    const path = expandPath(named, values);
    if (path === undefined) throw unknownToken(values.alias, 'IdentityAgent', named);
    return path;
  }

  /** The hops before the host, or why only OpenSSH finds the way. */
  private way(alias: string, settings: Settings, via: readonly string[]): Way {
    const jump = settings.text('proxyjump');
    const command = settings.first('proxycommand')?.words;
    if (jump !== undefined && jump.toLowerCase() !== 'none') {
      const hops = parseProxyJump(jump);
      if (hops) return this.through(hops, via);
      throw refused(alias, `The ProxyJump of ${alias} names no hosts: ${JSON.stringify(jump)}.`, JUMP_HINT);
    }
    if (!command || command.join(' ').toLowerCase() === 'none') return DIRECT;
    const hops = parseJumpCommand(command);
    if (hops) return this.through(hops, via);
    const needs = [`${alias} is reached by the ProxyCommand ${command.join(' ')}.`];
    return { jumps: [], needsOpenSsh: needs, forbidsSsh2: needs };
  }

  /** Only the first hop goes its own way: the others are reached from the hop before, as `ssh -J` does. */
  private through(hops: readonly JumpName[], via: readonly string[]): Way {
    const targets = hops.map((hop) => this.resolve(hop, via));
    const [first, ...others] = targets;
    if (!first) return DIRECT;
    const jumps = [
      ...first.jumps,
      { ...first, jumps: [] },
      ...others.map((each) => ({ ...each, jumps: [] })),
    ];
    return {
      jumps,
      needsOpenSsh: targets.flatMap((each) => each.needsOpenSsh),
      forbidsSsh2: targets.flatMap((each) => each.forbidsSsh2),
    };
  }
}

type Way = Pick<SshTarget, 'jumps' | 'needsOpenSsh' | 'forbidsSsh2'>;

const DIRECT: Way = { jumps: [], needsOpenSsh: [], forbidsSsh2: [] };

const JUMP_HINT = 'Correct ProxyJump in ~/.ssh/config.';

function circle(aliases: readonly string[]): string {
  return `The way to ${aliases[0] ?? ''} goes in a circle: ${aliases.join(' through ')}.`;
}

function port(alias: string, settings: Settings): number {
  const text = settings.text('port') ?? '22';
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 65535) return value;
  throw refused(alias, `The port of ${alias} is not one: ${JSON.stringify(text)}.`, 'Correct ~/.ssh/config.');
}

function unknownToken(alias: string, setting: string, text: string): HsmError<'host.refused'> {
  return refused(
    alias,
    `${setting} of ${alias} uses a token or variable that is not known: ${JSON.stringify(text)}.`,
    'Correct ~/.ssh/config, or set the variable.',
  );
}

function refused(host: string, message: string, hint: string): HsmError<'host.refused'> {
  return new HsmError('host.refused', message, { host, hint });
}
