import type { SshTarget } from '../sshTarget';
import type { Settings } from './settings';

/** What only the system's `ssh` can do for a host, see {@link SshTarget}. */
export type OnlyOpenSsh = Pick<SshTarget, 'needsOpenSsh' | 'forbidsSsh2'>;

/** Settings that ssh2 has no counterpart for, where they are not `none`: how one logs in. */
const LOGIN = ['PKCS11Provider'];
/** Whom one trusts, and by which way one goes. */
const TRUST_AND_WAY = ['KnownHostsCommand', 'RevokedHostKeys', 'BindAddress', 'BindInterface'];
/** Where `+` or `^` adds what is not offered by default: mostly old algorithms for an old server. */
const ALGORITHMS = [
  'Ciphers',
  'MACs',
  'KexAlgorithms',
  'HostKeyAlgorithms',
  'PubkeyAcceptedAlgorithms',
  'PubkeyAcceptedKeyTypes',
];

/** What only the system's `ssh` can do, each a sentence. */
export function onlyOpenSsh(settings: Settings): OnlyOpenSsh {
  const forbidsSsh2 = trustAndWay(settings);
  return { needsOpenSsh: [...forbidsSsh2, ...loginAndRest(settings)], forbidsSsh2 };
}

function trustAndWay(settings: Settings): string[] {
  const told = namedSettings(settings, TRUST_AND_WAY);
  if (settings.isYes('proxyusefdpass')) told.push('ProxyUseFdpass is set.');
  if (/^(yes|always)$/i.test(settings.text('canonicalizehostname') ?? '')) {
    told.push('CanonicalizeHostname completes its name by DNS.');
  }
  return told;
}

function namedSettings(settings: Settings, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = settings.text(name.toLowerCase());
    return value === undefined || value.toLowerCase() === 'none' ? [] : `${name} is set (${value}).`;
  });
}

/** Without it a login fails, or is another one; what a condition decides is not known. */
function loginAndRest(settings: Settings): string[] {
  const told = namedSettings(settings, LOGIN);
  for (const name of ALGORITHMS) {
    const value = settings.first(name.toLowerCase());
    const text = value?.words.join(' ') ?? '';
    if (value?.isExplicit === true && /^[+^]/.test(text)) told.push(`${name} adds algorithms (${text}).`);
  }
  // Some systems switch Kerberos on for every host. Only where the user did so for this one it is needed.
  if (settings.first('gssapiauthentication')?.isExplicit === true && settings.isYes('gssapiauthentication')) {
    told.push('GSSAPIAuthentication (Kerberos) is set.');
  }
  for (const condition of settings.undecidedConditions()) {
    told.push(`A part of the configuration depends on "Match ${condition}", which is not run here.`);
  }
  return told;
}
