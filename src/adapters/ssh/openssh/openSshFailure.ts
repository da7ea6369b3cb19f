import { foreignLines } from '../../../core/analysis/foreignLine';
import { HsmError } from '../../../core/base/errors';

/** What only the user can change: who one is, whom one trusts, what is configured. */
const REFUSALS =
  /Permission denied|Too many authentication failures|Host key verification failed|HOST IDENTIFICATION HAS CHANGED|REVOKED|no matching .* found|Bad (configuration|owner)|terminating, \d+ bad|administratively prohibited|Unsupported option/i;

/** Decoration and debris in what ssh prints. */
const NOISE = /^@+$|^@.*@$|^debug\d|^Killed by signal|^Terminated$/;

const MAX_LENGTH = 800;

/**
 * What it means that `ssh` ended before the connection stood, by what it printed.
 *
 * @param answered - what the user was asked for and answered, e.g. `The password of ada@gpubox`
 */
export function toOpenSshFailure(host: string, stderr: string, answered?: string): HsmError {
  const lines = foreignLines(stderr)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !NOISE.test(line));
  const said = lines.join(' ').slice(-MAX_LENGTH);
  const reason = said === '' ? 'ssh ended without a word' : said.replace(/\.$/, '');
  if (!REFUSALS.test(stderr)) {
    return new HsmError('host.unreachable', `${host} is not reachable: ${reason}.`, { host });
  }
  if (answered !== undefined && /Permission denied|Too many authentication failures/i.test(stderr)) {
    const message = `${answered} was not accepted by ${host}.`;
    return new HsmError('host.refused', message, { host, hint: 'Try again to be asked again.' });
  }
  const hint = stderr.includes('IDENTIFICATION HAS CHANGED')
    ? 'Ask whoever runs the host. Only if the new key is right, remove the line that ssh names, then connect again.'
    : `Try \`ssh ${host}\` in a terminal, and correct ~/.ssh/config.`;
  return new HsmError('host.refused', `ssh was not let in at ${host}: ${reason}.`, { host, hint });
}
