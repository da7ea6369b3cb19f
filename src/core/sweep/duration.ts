/** A duration that was read: seconds, `unlimited`, or why it cannot be read. */
export type Duration =
  | { readonly kind: 'seconds'; readonly seconds: number; readonly note?: string }
  | { readonly kind: 'unlimited' }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly hint: string };

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };
const HINT =
  'Write hours, minutes and seconds as "02:30:00", days as "1-12:00:00", or a number with a unit: "90s", "15m", "2h".';

/**
 * Reads a time limit: `H:M:S` with any number of hours, `D-H[:M[:S]]`, `90s`/`15m`/`2h`/`1d`, a bare number of minutes
 * (as Slurm reads it), or `unlimited`. Two numbers (`23:00`) are refused: Slurm reads minutes and seconds where most
 * people mean hours and minutes.
 *
 * @see https://slurm.schedmd.com/sbatch.html#OPT_time
 */
export function parseDuration(text: string): Duration {
  const trimmed = text.trim();
  if (/^unlimited$/i.test(trimmed)) return { kind: 'unlimited' };
  const simple = /^(\d+(?:\.\d+)?)\s*([smhd]?)$/.exec(trimmed);
  if (simple) return simpleDuration(Number(simple[1]), simple[2] ?? '');
  if (/^\d+:\d+$/.test(trimmed)) return twoParts(trimmed);
  const clock = /^(?:(\d+)-)?(\d+)(?::(\d+))?(?::(\d+))?$/.exec(trimmed);
  if (!clock) return unreadable(`\`${trimmed}\` is not a duration.`);
  const [, days, hours = '0', minutes = '0', seconds = '0'] = clock;
  if (Number(minutes) > 59 || Number(seconds) > 59)
    return unreadable(`In \`${trimmed}\` the minutes and seconds must be below 60.`);
  if (days !== undefined && Number(hours) > 23)
    return unreadable(`In \`${trimmed}\` the hours must be below 24.`);
  return positive(((Number(days ?? 0) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds));
}

function simpleDuration(amount: number, unit: string): Duration {
  const result = positive(amount * (UNIT_SECONDS[unit] ?? 60));
  if (unit !== '' || result.kind !== 'seconds') return result;
  return { ...result, note: `A number without a unit means minutes: ${amount} min.` };
}

function twoParts(text: string): Duration {
  const reason = `\`${text}\` can mean hours and minutes, or minutes and seconds.`;
  return { kind: 'unreadable', reason, hint: `Write "${text}:00" or "00:${text}".` };
}

function positive(seconds: number): Duration {
  return seconds > 0 ? { kind: 'seconds', seconds } : unreadable('A duration must be longer than zero.');
}

function unreadable(reason: string): Duration {
  return { kind: 'unreadable', reason, hint: HINT };
}

const UNITS = [
  ['d', 86400],
  ['h', 3600],
  ['min', 60],
] as const;

/** A length of time to the second, as people write it: `2 h`, `1 h 30 min`, `90.5 s` as `1 min 30.5 s`. */
export function formatSeconds(seconds: number): string {
  let rest = seconds;
  const parts: string[] = [];
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * size;
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest} s`);
  return parts.join(' ');
}
