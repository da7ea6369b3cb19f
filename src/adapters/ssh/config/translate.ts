import type { SshTarget } from '../sshTarget';
import type { Settings } from './settings';
import { expandPath, type TokenValues } from './tokens';

/** Milliseconds of a time as ssh_config writes it: `30`, `1m30s`. Undefined: nothing is set, or 0, or none. */
export function seconds(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+[smhdw]?)+$/i.test(text)) return undefined;
  const factors: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  const sum = [...text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g)]
    .map(([, count, unit]) => Number(count) * (factors[unit ?? ''] ?? 1))
    .reduce((total, each) => total + each, 0);
  return sum > 0 ? sum * 1000 : undefined;
}

/** Where host keys are looked up, and what becomes of unknown ones. */
export function knownHosts(settings: Settings, values: TokenValues): SshTarget['knownHosts'] {
  const users = files(settings, 'userknownhostsfile', USERS_FILES, values);
  const systems = files(settings, 'globalknownhostsfile', SYSTEM_FILES, values);
  const alias = settings.text('hostkeyalias');
  const [newEntriesIn] = users;
  return {
    files: [...users, ...systems],
    ...(newEntriesIn !== undefined && { newEntriesIn }),
    ...(alias !== undefined && { alias }),
    hash: settings.isYes('hashknownhosts'),
    policy: policy(settings.text('stricthostkeychecking')),
  };
}

const USERS_FILES = ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'];
const SYSTEM_FILES = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];

function files(settings: Settings, name: string, defaults: string[], values: TokenValues): string[] {
  const named = settings.first(name)?.words ?? defaults;
  return named
    .filter((file) => file.toLowerCase() !== 'none')
    .map((file) => expandPath(file, values))
    .filter((path) => path !== undefined);
}

/** `no` would take changed keys too. Nothing is taken unasked but by accept-new. */
function policy(text: string | undefined): SshTarget['knownHosts']['policy'] {
  if (text === 'accept-new') return text;
  return text === 'yes' || text === 'true' ? 'yes' : 'ask';
}

const METHODS = ['publickey', 'keyboard-interactive', 'password'];

/** The methods to try, in their order; none: the usual ones. */
export function authentications(settings: Settings): string[] {
  const preferred = settings
    .text('preferredauthentications')
    ?.split(',')
    .map((method) => method.trim());
  const off = METHODS.filter((method) => isOff(settings, method));
  if (off.length === 0) return preferred ?? [];
  return (preferred ?? METHODS).filter((method) => !off.includes(method));
}

function isOff(settings: Settings, method: string): boolean {
  if (method === 'publickey') return settings.isNo('pubkeyauthentication');
  if (method === 'password') return settings.isNo('passwordauthentication');
  return settings.isNo('kbdinteractiveauthentication') || settings.isNo('challengeresponseauthentication');
}
