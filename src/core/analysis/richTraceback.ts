const TRACEBACK = 'Traceback (most recent call last):';
const GROUP = `  + Exception Group ${TRACEBACK}`;
// `╭───── Traceback (most recent call last) ─────╮`, with `+` and `-` where the output has no other characters
const HEAD = /^ *[╭┌+][─-]+ (?<title>Traceback \(most recent call last\)|Sub-exception #\d+) [─-]+[╮┐+] *$/u;
/** Directly below, of a file that Python could not read. */
const UNTITLED = /^ *[╭┌+][─-]{8,}[╮┐+] *$/u;
const END = /^ *[╰└+][─-]+[╯┘+] *$/u;
const ROW = /^ *[│|] (?<text>.*?) *[│|] *$/u;
// `/project/train.py:8 in step`; of a file that could not be read ` /project/train.py:2`
const PLACE = /^ ?(?<file>[^\s╭│❱┌|+].*?):(?<line>\d+)(?: in (?<function>.+))?$/u;
// `❱ 8 │   load("x")`
const MARKED = /^ *(?:❱|>|\\u2771) *\d+ ?(?:│ {3})*(?<text>.*)$/u;
/** Characters of a row that are the frame around it. */
const BORDERS = 4;
/** Below a box: what was raised, and how it goes with the next one. */
const PARAGRAPHS = 2;

interface Box {
  readonly kind: 'traceback' | 'member' | 'unreadable';
  readonly rows: readonly string[];
  /** What others printed between them. */
  readonly strays: readonly string[];
  /** It has no lower edge: the program was killed while it drew, and the exception is not below. */
  readonly isCut: boolean;
  /** Index after its last line. */
  readonly end: number;
  readonly indent: number;
  readonly width: number;
}

/**
 * Output with the tracebacks that Rich and Typer draw in boxes as Python prints them. Lines that Rich has broken to its
 * width are whole again; surrounding code and local variables are gone. All else stays.
 *
 * @see https://rich.readthedocs.io/en/stable/traceback.html
 */
export function withoutBoxes(lines: readonly string[]): readonly string[] {
  if (!lines.some((line) => HEAD.test(line))) return lines;
  const plain: string[] = [];
  let last: Box | undefined;
  let left = 0;
  for (let at = 0; at < lines.length;) {
    const box = readBox(lines, at, last?.end === at);
    if (box) {
      addBox(plain, box);
      addStrays(plain, box);
      [last, left, at] = [box, box.isCut ? 0 : PARAGRAPHS, box.end];
    } else if (last && left > 0 && lines[at]?.trim() !== '') {
      const paragraph = paragraphAt(lines, at);
      plain.push(...unwrapped(paragraph, last));
      left -= 1;
      at += paragraph.length;
    } else {
      plain.push(lines[at] ?? '');
      at += 1;
    }
  }
  return plain;
}

/** @param isBelow - directly below another box, where one may have no title */
function readBox(lines: readonly string[], at: number, isBelow: boolean): Box | undefined {
  const head = lines[at] ?? '';
  const title = HEAD.exec(head)?.groups?.['title'];
  if (title === undefined && !(isBelow && UNTITLED.test(head))) return undefined;
  const kind = title === undefined ? 'unreadable' : title.startsWith('Sub-') ? 'member' : 'traceback';
  const indent = head.length - head.trimStart().length;
  return { kind, ...readRows(lines, at + 1), indent, width: head.trim().length };
}

/** Up to the lower edge. Where another traceback or the end of the output comes first, up to the last row. */
function readRows(lines: readonly string[], from: number): Pick<Box, 'rows' | 'strays' | 'isCut' | 'end'> {
  const rows: string[] = [];
  const strays: string[] = [];
  let [endOfRows, straysBefore] = [from, 0];
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (END.test(line)) return { rows, strays, isCut: false, end: at + 1 };
    const text = ROW.exec(line)?.groups?.['text'];
    if (text !== undefined) {
      rows.push(text);
      [endOfRows, straysBefore] = [at + 1, strays.length];
    } else if (HEAD.test(line) || line.includes(TRACEBACK)) break;
    else strays.push(line);
  }
  return { rows, strays: strays.slice(0, straysBefore), isCut: true, end: endOfRows };
}

function addBox(plain: string[], box: Box): void {
  if (box.kind === 'member') addMember(plain, withoutBoxes(box.rows));
  else if (box.kind === 'traceback') plain.push(TRACEBACK, ...framesOf(box));
  else plain.push(...frameLines(PLACE.exec(box.rows[0] ?? ''), box.rows[1]));
}

/** Behind the box; above the whole of a group, whose members must stand together. */
function addStrays(plain: string[], { kind, strays }: Box): void {
  const group = kind === 'member' ? plain.lastIndexOf(GROUP) : -1;
  plain.splice(group < 0 ? plain.length : group, 0, ...strays);
}

/** The places stand in paragraphs of their own, each with the code around it in the next one. */
function framesOf({ rows, width }: Box): string[] {
  return paragraphs(rows).flatMap((paragraph, index, all) => {
    const marked = (all[index + 1] ?? []).map((row) => MARKED.exec(row)?.groups?.['text']);
    const place = paragraph.reduce((text, row) => text + glue(text, width - BORDERS) + row);
    return frameLines(
      PLACE.exec(place),
      marked.find((text) => text !== undefined),
    );
  });
}

/** As Python prints a frame. */
function frameLines(place: RegExpExecArray | null, text: string | undefined): string[] {
  const { file, line = '', function: name } = place?.groups ?? {};
  if (file === undefined) return [];
  const within = name === undefined ? '' : `, in ${name}`;
  return [`  File "${file}", line ${line}${within}`, ...(text === undefined ? [] : [`    ${text.trim()}`])];
}

/** Makes the last traceback the one of a group, where it is not yet, and adds a member to it. */
function addMember(plain: string[], member: readonly string[]): void {
  while (plain.at(-1)?.trim() === '') plain.pop();
  const start = plain.lastIndexOf(TRACEBACK);
  if (start >= 0) {
    const [, ...own] = plain.splice(start);
    plain.push(GROUP, ...own.map((line) => `  | ${line}`));
  }
  plain.push('  +-+---------------- 1 ----------------', ...member.map((line) => `    | ${line}`));
}

function paragraphs(lines: readonly string[]): string[][] {
  const all: string[][] = [];
  lines.forEach((line, at) => {
    if (line.trim() === '') return;
    if (at > 0 && lines[at - 1]?.trim() !== '') all.at(-1)?.push(line);
    else all.push([line]);
  });
  return all;
}

/** Up to an empty line, or the next box. */
function paragraphAt(lines: readonly string[], at: number): readonly string[] {
  const end = lines.findIndex((line, index) => index > at && (line.trim() === '' || HEAD.test(line)));
  return lines.slice(at, end < 0 ? lines.length : end);
}

/** A line was broken where the next word would not have had room. */
function unwrapped(lines: readonly string[], { indent, width }: Box): string[] {
  const whole: string[] = [];
  let before = '';
  for (const line of lines.map((each) => dedent(each, indent))) {
    const [word = ''] = line.trimStart().split(' ', 1);
    const isBroken = before !== '' && before.length <= width && before.length + 1 + word.length > width;
    if (isBroken) whole.push(`${whole.pop() ?? ''}${glue(before, width)}${line}`);
    else whole.push(line);
    before = line;
  }
  return whole;
}

/** A word is broken only when it fills more than a line. */
function glue(before: string, width: number): string {
  return before.length % width === 0 && !before.includes(' ') ? '' : ' ';
}

function dedent(line: string, indent: number): string {
  return line.slice(Math.min(indent, line.length - line.trimStart().length)).trimEnd();
}
