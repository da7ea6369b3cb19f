/** The top of a file is enough to know it, and a file can be large. */
const LOOK_AT = 64 * 1024;
/** `random`, `include` and `exclude` alone are common in other files. */
const SWEEP_KEY = /^(?:---\s*)?[{\s]*["']?(?:sweep|grid|paired)["']?\s*:(?:\s|$)/;

/** Whether a file looks like a sweep file: YAML by its name, with a sweep's keys at its top, and not the project file. */
export function isSweepFile(file: string, text: string): boolean {
  const path = file.replaceAll('\\', '/');
  if (!/\.ya?ml$/i.test(path) || /(^|\/)\.hsm\//.test(path)) return false;
  return text
    .slice(0, LOOK_AT)
    .split('\n')
    .some(
      (line) => /^[^\s#]/.test(line.replace(/^\uFEFF/, '')) && SWEEP_KEY.test(line.replace(/^\uFEFF/, '')),
    );
}
