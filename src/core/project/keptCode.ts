import { HsmError } from '../base/errors';
import type { ProjectPorts } from './projectPorts';
import { sourceContext } from './sourceContext';
import type { SweepSession } from './sweepSession';

/** Tasks of a sweep that are about to be bound to sources. */
export interface CodeWanted {
  readonly session: SweepSession;
  /** Names of the sources; of those that the sweep has, the ones that it never began to use are looked at. */
  readonly named: readonly string[];
  /** Sources that the sweep does not have yet, with their configuration. */
  readonly joining: readonly { readonly name: string; readonly config: unknown }[];
  /** The copy of the project that they are to get. */
  readonly digest: string;
}

/** Where copies of the code are. */
export interface CodeAtHand extends Pick<ProjectPorts, 'hasSealedCode' | 'projectDir'> {
  /** Makes one of the project as it is now. @returns its name */
  readonly seal: (exclude: readonly string[]) => Promise<string>;
}

/**
 * Makes sure that hosts that never had this sweep's code can still get it, before tasks are bound to them, which would
 * wait there for good. Asks no host.
 *
 * @throws HsmError `input.invalid` when it is kept no more and the project has changed since
 */
export async function requireKeptCode(
  { session, named, joining, digest }: CodeWanted,
  code: CodeAtHand,
): Promise<void> {
  const { placements } = session.state;
  const unused = session.sources.filter(({ name }) => named.includes(name) && !placements.has(name));
  const getting = [...unused, ...joining].filter(({ config }) => getsCopy(config)).map(({ name }) => name);
  const [first] = getting;
  if (first === undefined || (await code.hasSealedCode(digest))) return;
  // As the source itself would help itself.
  const { codeExclude = [] } = sourceContext(session, first, code);
  if ((await code.seal(codeExclude)) === digest) return;
  throw new HsmError(
    'input.invalid',
    `The code that ${session.id} was started with is not kept here any more, and the project has changed since: ${getting.join(', ')} could not run it. Nothing was started.`,
    { hint: 'Rerun on a source that has run it, or start a new sweep.' },
  );
}

function getsCopy(config: unknown): boolean {
  if (typeof config !== 'object' || config === null) return false;
  const { type, code } = config as { readonly type?: unknown; readonly code?: unknown };
  return type !== 'local' && code === 'snapshot';
}
