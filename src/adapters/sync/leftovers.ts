import type { Content } from '../../core/sync/content';
import { refusalError, refusalOf } from './checkout/answers';
import type { Places } from './places';
import type { TarMember } from './tarStream';

/** A file of a push: its number in the plan and what it is to hold. */
export interface ContentToSend {
  readonly path: string;
  readonly number: number;
  readonly content: Content & { readonly kind: 'file' };
}

/**
 * SHA-256 of the contents that the checkout has whole from pushes that broke off, as it read them just now. It drops what else
 * these left.
 *
 * @throws HsmError `sync.refused` when another sync is at work there
 */
export async function askArrived(
  places: Places,
  contents: readonly { readonly content: Content & { readonly kind: 'file' } }[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(contents.map(({ content }) => content.sha256))].sort();
  const input = Buffer.from(wanted.map((sha256) => `${sha256}\n`).join(''));
  const sections = await places.there.ask({ name: 'arrived', input }, signal);
  const refusal = refusalOf(sections);
  if (refusal) throw refusalError(refusal, places);
  return new Set(sections.get('arrived') ?? []);
}

/** Which contents are sent, and which are taken from what arrived before: each of those once, because it is moved. */
export function splitArrived(
  contents: readonly ContentToSend[],
  arrived: ReadonlySet<string>,
): { readonly sent: readonly ContentToSend[]; readonly reused: readonly ContentToSend[] } {
  const left = new Set(arrived);
  const [sent, reused]: [ContentToSend[], ContentToSend[]] = [[], []];
  for (const each of contents) (left.delete(each.content.sha256) ? reused : sent).push(each);
  return { sent, reused };
}

/** What tells `apply.sh` to take contents from there: `3 <SHA-256> x`, and the sums alone, in order. */
export function reuseMembers(reused: readonly ContentToSend[]): TarMember[] {
  if (reused.length === 0) return [];
  const lines = reused.map(
    ({ number, content: { sha256, isExecutable } }) =>
      `${number} ${sha256} ${isExecutable === true ? 'x' : 'f'}\n`,
  );
  const sums = reused.map(({ content }) => `${content.sha256}\n`).sort();
  return [member('reuse', lines), member('needed', sums)];
}

function member(name: string, lines: readonly string[]): TarMember {
  const bytes = Buffer.from(lines.join(''));
  return { name, size: bytes.length, bytes: [bytes] };
}
