import { HsmError } from '../../core/base/errors';

const VARIABLE = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g;

/** The variables that a path of the configuration names, e.g. `SCRATCH` of `$SCRATCH/hsm`. */
export function variablesIn(path: string): string[] {
  return [...path.matchAll(VARIABLE)].map(([, braced, plain]) => braced ?? plain ?? '');
}

/**
 * A path as it is on the host: `~` and variables are replaced by what commands there have for them. No shell reads it.
 *
 * @param where - for messages: the source and what the path is, e.g. `the root of "gpubox"`
 * @returns an absolute path without `.`, `..` and doubled slashes
 * @throws HsmError `input.invalid` when a variable is not set there, or the path is not absolute
 */
export function expandRemotePath(
  path: string,
  variables: ReadonlyMap<string, string>,
  where: string,
): string {
  const valueOf = (name: string): string => {
    const value = variables.get(name);
    if (value !== undefined && value !== '') return value;
    throw new HsmError(
      'input.invalid',
      `${capital(where)} is ${path}, but $${name} is not set for commands there.`,
      {
        hint: 'Write the path itself. Variables that only a login sets are not seen by other commands.',
      },
    );
  };
  const atHome = path === '~' || path.startsWith('~/') ? `${valueOf('HOME')}${path.slice(1)}` : path;
  const whole = atHome.replaceAll(VARIABLE, (_match, braced: string | undefined, plain: string | undefined) =>
    valueOf(braced ?? plain ?? ''),
  );
  if (whole.startsWith('/')) return normalize(whole);
  throw new HsmError('input.invalid', `${capital(where)} is ${path}, which is not an absolute path.`, {
    hint: 'Begin it with `/`, `~/` or a variable.',
  });
}

/** Whether a path needs nothing of the host to be used. */
export function isPlainPath(path: string): boolean {
  return path.startsWith('/') && variablesIn(path).length === 0;
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
