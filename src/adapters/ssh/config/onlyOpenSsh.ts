import type { Settings } from './settings';

/** Settings that ssh2 has no counterpart for, where they are not `none`. */
const UNSUPPORTED = [
  'PKCS11Provider',
  'KnownHostsCommand',
  'RevokedHostKeys',
  'BindAddress',
  'BindInterface',
];
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
export function onlyOpenSsh(settings: Settings): string[] {
  const told: string[] = [];
  for (const name of UNSUPPORTED) {
    const value = settings.text(name.toLowerCase());
    if (value !== undefined && value.toLowerCase() !== 'none') told.push(`${name} is set (${value}).`);
  }
  for (const name of ALGORITHMS) {
    const value = settings.first(name.toLowerCase());
    const text = value?.words.join(' ') ?? '';
    if (value?.isExplicit === true && /^[+^]/.test(text)) told.push(`${name} adds algorithms (${text}).`);
  }
  if (settings.isYes('proxyusefdpass')) told.push('ProxyUseFdpass is set.');
  // Some systems switch Kerberos on for every host. Only where the user did so for this one it is needed.
  if (settings.first('gssapiauthentication')?.isExplicit === true && settings.isYes('gssapiauthentication')) {
    told.push('GSSAPIAuthentication (Kerberos) is set.');
  }
  if (/^(yes|always)$/i.test(settings.text('canonicalizehostname') ?? '')) {
    told.push('CanonicalizeHostname completes its name by DNS.');
  }
  for (const condition of settings.undecidedConditions()) {
    told.push(`A part of the configuration depends on "Match ${condition}", which is not run here.`);
  }
  return told;
}
