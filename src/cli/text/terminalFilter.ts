// Colours and "erase to the end of the line", which progress bars use, are left; every other sequence is taken out:
// `ESC [` … final byte; strings (`ESC ]`, `ESC P`, `ESC X`, `ESC ^`, `ESC _`) up to BEL or `ESC \`; `ESC` and one more.
const SEQUENCE =
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-OQ-WYZ`-~]/gu;
// eslint-disable-next-line no-control-regex -- these are what is looked for
const HARMLESS = /^\u001b\[[0-9;:]*[mK]$/u;
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0007\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/gu;

/** A sequence that is not whole after so many characters is none. */
const LONGEST_SEQUENCE = 4096;

/** Makes what a program on another machine printed fit for this terminal, piece by piece. */
export class TerminalFilter {
  /** The beginning of a sequence whose end is still to come. */
  private held = '';

  /** What of the text so far can be shown now. */
  pass(text: string): string {
    const whole = this.held + text;
    const last = whole.lastIndexOf('\u001b');
    const isOpen = last >= 0 && whole.length - last < LONGEST_SEQUENCE && !endsIn(whole.slice(last));
    this.held = isOpen ? whole.slice(last) : '';
    return clean(isOpen ? whole.slice(0, last) : whole);
  }
}

/** Whether a text that begins with an escape has the whole of its sequence. */
function endsIn(text: string): boolean {
  SEQUENCE.lastIndex = 0;
  return SEQUENCE.exec(text)?.index === 0;
}

function clean(text: string): string {
  const kept = text.replace(SEQUENCE, (sequence) => (HARMLESS.test(sequence) ? sequence : ''));
  // What is left of an escape belongs to no sequence that is known.
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return kept.replace(CONTROL, '').replace(/\u001b(?!\[[0-9;:]*[mK])/gu, '');
}
