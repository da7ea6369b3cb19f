import { createHash } from 'node:crypto';

/**
 * Tells a project from others on the same host, also from those of other machines and users that share a root: readable,
 * and fit to be the name of a directory. The same as long as the project stays where it is.
 *
 * @param machine - name of this machine
 */
export function projectIdOf(projectDir: string, machine: string): string {
  const name = projectDir.split(/[\\/]/).findLast((part) => part !== '') ?? 'project';
  const readable =
    name
      .replaceAll(/[^\w.-]+/g, '_')
      .replace(/^[.-]+/, '')
      .slice(0, 40) || 'project';
  const digest = createHash('sha256').update(`${machine}\0${projectDir}`).digest('hex').slice(0, 10);
  return `${readable}-${digest}`;
}
