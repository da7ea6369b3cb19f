import { HsmError } from '../../../core/base/errors';
import type { GitState } from '../../../core/sync/sideState';
import { wordOperation } from './operations';
import { parseStatus } from './statusWords';
import type { Sections } from './words';

export interface Refusal {
  readonly kind: string;
  readonly detail: string;
  /** e.g. `the disk is full`. */
  readonly why?: string;
}

/** What `stop` of `common.sh` says; undefined: the program went its way. */
export function refusalOf(sections: Sections): Refusal | undefined {
  const words = sections.get('error');
  if (!words) return undefined;
  const [kind = '', detail = '', why = ''] = words;
  return { kind, detail: detail.trim(), ...(why !== '' && { why }) };
}

/** Turns a refusal into an error that says what to do. */
export function refusalError(
  { kind, detail, why }: Refusal,
  { hostLabel, checkout }: { readonly hostLabel: string; readonly checkout: string },
): HsmError {
  const place = `${checkout} on ${hostLabel}`;
  switch (kind) {
    case 'missing':
      return new HsmError('input.invalid', `There is no folder ${place}.`, {
        hint: 'Clone the project there, or correct `checkout` in .hsm/config.yaml.',
      });
    case 'unreadable':
      return new HsmError('input.invalid', `${place} is no folder that can be entered.`, {});
    case 'locked':
      return new HsmError(
        'sync.refused',
        `Another sync is at work in ${place} (${detail}). Nothing was changed.`,
        {
          reasons: [],
          hint: `Wait until it is over. If none is, remove the folder ${why ?? '.hsm/sync/lock'} on ${hostLabel}.`,
        },
      );
    case 'unwritable':
      return new HsmError(
        'disk.unwritable',
        `${detail} on ${hostLabel} cannot be written${why === undefined ? '' : `: ${why}`}. Nothing was changed.`,
        {
          path: detail,
        },
      );
    case 'incomplete':
      return new HsmError(
        'host.unreachable',
        `Not everything arrived on ${hostLabel}: ${detail}. Nothing was changed.`,
        {
          host: hostLabel,
          hint: 'Check the connection and the free space there, then try again.',
        },
      );
    case 'gitrefused':
      return gitError(`Git does not work in ${place}`, detail, hostLabel);
    case 'nobundle':
      return gitError(`Git does not take the commits in ${place}, nothing was changed`, detail, hostLabel);
    default:
      return new HsmError('sync.refused', `${place}: ${detail}. Nothing was changed.`, { reasons: [] });
  }
}

/** Git may advise a command, which must be run where it is. */
function gitError(message: string, stderr: string, hostLabel: string): HsmError {
  const words = stderr.replaceAll(/\s+/g, ' ');
  const where = words.includes('git config') ? ` What it advises is to be done on ${hostLabel}.` : '';
  const text = `${message}. It says: ${words}${/[.!?]$/.test(words) ? '' : '.'}${where}`;
  return new HsmError('command.failed', text, { argv: ['git'], exitCode: undefined, stderr });
}

/** Content of transfers that broke off: whether there may be any, and whether it has been there for some days. */
export type Leftovers = 'none' | 'some' | 'old';

/** @param word - what `say_leftovers` of `common.sh` says, without its name */
export function readLeftovers(word: string | undefined): Leftovers {
  if (word === 'old') return 'old';
  return word === 'yes' ? 'some' : 'none';
}

/** What the checkout's git says, from the sections of `probe.sh`. */
export interface Probe {
  readonly git: GitState;
  readonly hasPending: boolean;
  readonly leftovers: Leftovers;
  readonly root: string;
  /** By the clock there. */
  readonly nowMs: number;
  /** Of git's index; as long as it is the same, so are its hidden entries. Empty: it is to be read again. */
  readonly indexStamp: string;
}

/** @param hiddenAt - which entries of an index with this stamp are hidden, where that was not told again */
export function readProbe(
  sections: Sections,
  hiddenAt: (stamp: string) => readonly string[] | undefined,
): Probe {
  const meta = sections.get('meta') ?? [];
  const all = (key: string): string[] =>
    meta.filter((word) => word.startsWith(`${key}=`)).map((word) => word.slice(key.length + 1));
  const one = (key: string): string => all(key)[0] ?? '';
  const prefix = one('prefix');
  const [head, branch, lfs, indexStamp] = [one('head'), one('branch'), one('lfs'), one('index')];
  const notes = sections.get('index');
  const noted = (tag: string): string[] =>
    (notes ?? []).filter((word) => word.startsWith(`${tag} `)).map((word) => word.slice(2));
  const isToBeReadAgain = (notes ?? []).some((word) => !word.startsWith('S '));
  return {
    root: one('root'),
    hasPending: one('pending') === 'yes',
    leftovers: readLeftovers(one('leftovers')),
    nowMs: Number(one('now')) * 1000,
    indexStamp: isToBeReadAgain ? '' : indexStamp,
    git: {
      prefix,
      operations: all('operation').map(wordOperation),
      hidden: new Set(notes ? noted('S') : hiddenAt(indexStamp)),
      emptySubmodules: new Set(noted('e')),
      isShallow: one('shallow') === 'yes',
      dirty: parseStatus(sections.get('status') ?? [], prefix),
      ...(head !== '' && { head }),
      ...(branch !== '' && { branch }),
      ...(lfs !== '' && { lfs: { hasTool: lfs === 'tool' } }),
    },
  };
}
