/* eslint-disable no-control-regex -- control characters are what is looked for */

// `ESC [` … final byte; strings (`ESC ]`, `ESC P`, `ESC X`, `ESC ^`, `ESC _`) up to BEL or `ESC \`; `ESC` and one more.
const WHOLE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|[ -/]*[0-OQ-WYZ\\`-~])/uy;
/** A sequence whose end is still to come. */
const BEGUN = /\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0007\u001b\n]*\u001b?|[ -/]*)$/uy;
/** Colours, and "erase to the end of the line", which progress bars use. */
const HARMLESS = /^\u001b\[[0-9;:]*[mK]$/u;
const CONTROL = /[\u0000-\u0007\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;

/** What has not ended after so many characters is no sequence. */
const LONGEST_SEQUENCE = 4096;

/** Makes what a program on another machine printed fit for this terminal, piece by piece. */
export class TerminalFilter {
  /** The beginning of a sequence. */
  private held = '';

  /** What of the text so far can be shown now. */
  pass(text: string): string {
    const whole = this.held + text;
    this.held = '';
    let shown = '';
    let at = 0;
    for (let escape = whole.indexOf('\u001b'); escape >= 0; escape = whole.indexOf('\u001b', at)) {
      shown += clean(whole.slice(at, escape));
      const sequence = matchAt(WHOLE, whole, escape);
      if (sequence === undefined && this.hold(whole, escape)) return shown;
      if (sequence !== undefined && HARMLESS.test(sequence)) shown += sequence;
      // Of what is no sequence the escape alone is dropped.
      at = escape + (sequence?.length ?? 1);
    }
    return shown + clean(whole.slice(at));
  }

  /** @returns whether the rest of the text may be the beginning of a sequence, which is then kept for the next piece */
  private hold(whole: string, escape: number): boolean {
    if (whole.length - escape >= LONGEST_SEQUENCE || matchAt(BEGUN, whole, escape) === undefined)
      return false;
    this.held = whole.slice(escape);
    return true;
  }
}

function matchAt(pattern: RegExp, text: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0];
}

function clean(text: string): string {
  return text.replace(CONTROL, '');
}
