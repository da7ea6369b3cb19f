/**
 * A tool that was found on a host, with its version where what it says of itself has one.
 *
 * @param said - e.g. `rsync  version 3.2.7  protocol version 31`, or its path
 */
export function toolText(name: string, said: string): string {
  const version = said.startsWith('/') ? undefined : /\d+(?:\.\d+)+/.exec(said)?.[0];
  return version === undefined ? name : `${name} ${version}`;
}
