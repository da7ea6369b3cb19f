import type { CodeAtLaunch, SweepFacade } from '../facade';

/** Where a line of the code that ran is in the file of today. */
export interface MovedLine {
  /** From 1. Where the line itself is gone: where it was between its neighbours. */
  readonly line: number;
  /** The file is not what ran. */
  readonly isFileChanged: boolean;
  /** Nothing like it is there any more, perhaps not even the file. */
  readonly isLineGone?: true;
}

/** Where what a task ran as a line of a file is now. A file of which nobody knows what ran counts as unchanged. */
export async function findLineNow(
  sources: {
    readonly facade: Pick<SweepFacade, 'codeAtLaunch'>;
    readonly readText: (file: string) => Promise<string>;
  },
  { sweepId, task }: { readonly sweepId: string; readonly task: number },
  file: string,
  line: number,
): Promise<MovedLine> {
  const code: CodeAtLaunch | undefined = await sources.facade.codeAtLaunch(sweepId, file, task);
  if (!code) return { line, isFileChanged: false };
  // Whoever removed the file has the old line to look at.
  const now = await sources.readText(file).catch(() => undefined);
  if (now === undefined) return { line, isFileChanged: true, isLineGone: true };
  const moved = { line: moveLine(code.text, now, line), isFileChanged: isChanged(code.text, now) };
  return textAt(now, moved.line) === textAt(code.text, line) ? moved : { ...moved, isLineGone: true };
}

function textAt(text: string, line: number): string | undefined {
  return text.split('\n')[line - 1]?.trim();
}

/** Line ends do not count: git may write others into a checkout than it keeps. */
export function isChanged(before: string, after: string): boolean {
  return before !== after && before.replaceAll('\r\n', '\n') !== after.replaceAll('\r\n', '\n');
}

/** @returns where line `line` of `before` is in `after`, both counted from 1 */
export function moveLine(before: string, after: string, line: number): number {
  const [was, is] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const same = (a: number, b: number): boolean => was[a] === is[b];
  const shorter = Math.min(was.length, is.length);
  let top = 0;
  while (top < shorter && same(top, top)) top += 1;
  let bottom = 0;
  while (bottom < shorter - top && same(was.length - 1 - bottom, is.length - 1 - bottom)) bottom += 1;
  if (line <= top) return line;
  if (line > was.length - bottom) return line + is.length - was.length;
  return nearest(is, was[line - 1]?.trim() ?? '', line, { from: top, to: is.length - bottom });
}

/** The line with this text that is nearest to where it was; edits above it may have moved it. */
function nearest(
  lines: readonly string[],
  text: string,
  line: number,
  within: { readonly from: number; readonly to: number },
): number {
  const last = Math.max(within.from + 1, within.to);
  const guess = Math.min(line, last);
  if (text === '') return guess;
  let best: number | undefined;
  for (let at = within.from; at < within.to; at += 1) {
    if (lines[at]?.trim() !== text) continue;
    if (best === undefined || Math.abs(at + 1 - line) < Math.abs(best - line)) best = at + 1;
  }
  return best ?? guess;
}
