import { posix } from 'node:path';
import { HsmError } from '../../../core/base/errors';
import type { RemoteFacts } from './remoteFacts';

/**
 * What a path of the configuration means on a host: `~` is the home directory, `$NAME` and `${NAME}` are variables of
 * the environment there, and what is relative lies in the home directory. No shell reads it.
 *
 * @throws HsmError `input.invalid` when a variable is not set there, or another user's home is meant
 */
export function expandRemotePath(text: string, facts: Pick<RemoteFacts, 'home' | 'user' | 'env'>): string {
  const known: Record<string, string> = { USER: facts.user, HOME: facts.home, ...facts.env };
  const path = text
    .replace(/^~(?=\/|$)/, () => facts.home)
    .replaceAll(/\$(?:(\w+)|\{(\w+)\})/g, (whole, plain: string | undefined, braced: string | undefined) => {
      const value = known[plain ?? braced ?? ''];
      if (value !== undefined && value !== '') return value;
      throw new HsmError('input.invalid', `${whole} in the path ${text} is not set on the host.`, {
        hint: 'Commands get what a login without a terminal gets; write the path out where that is less.',
      });
    });
  if (path.startsWith('~')) {
    throw new HsmError('input.invalid', `${text}: only the own home directory can be written as ~.`, {});
  }
  return posix.resolve(facts.home, path);
}
