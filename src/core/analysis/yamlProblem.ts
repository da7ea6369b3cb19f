// `  in "conf/model.yaml", line 2, column 5`
const MARK = /^\s+in (?<where>"[^"]+", line \d+), column \d+/u;

/**
 * What PyYAML refuses and where, in one line. Its message begins with what it was about to read, which says little:
 *
 * ```text
 * while parsing a flow sequence
 *   in "conf/model.yaml", line 1, column 4
 * expected ',' or ']', but got ':'
 *   in "conf/model.yaml", line 2, column 2
 * ```
 *
 * @param message - of an exception, with all its lines
 * @returns `expected ',' or ']', but got ':' in "conf/model.yaml", line 2`; undefined when the message has not this form
 */
export function yamlProblem(message: string): string | undefined {
  const lines = message.split('\n');
  const at = lines.findLastIndex((line) => MARK.test(line));
  const where = MARK.exec(lines[at] ?? '')?.groups?.['where'];
  const what = lines[at - 1];
  return where === undefined || what === undefined || /^\s/u.test(what) ? undefined : `${what} in ${where}`;
}
