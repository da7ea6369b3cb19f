/**
 * Whether a text fits a pattern of ssh_config and known_hosts: `*` is any run of characters, `?` one character.
 * In linear time, because patterns come from files that other tools write.
 */
export function fitsPattern(pattern: string, text: string): boolean {
  let at = 0;
  let inText = 0;
  let star = -1;
  let starText = 0;
  while (inText < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      starText = inText;
    } else if (pattern[at] === '?' || (at < pattern.length && pattern[at] === text[inText])) {
      at++;
      inText++;
    } else if (star >= 0) {
      // The last star takes one character more.
      at = star + 1;
      inText = ++starText;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Whether one of the patterns fits and none with a `!` before it does. */
export function fitsPatterns(patterns: readonly string[], text: string): boolean {
  const isVetoed = patterns.some((each) => each.startsWith('!') && fitsPattern(each.slice(1), text));
  return !isVetoed && patterns.some((each) => !each.startsWith('!') && fitsPattern(each, text));
}
