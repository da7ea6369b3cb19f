/** `cat: x: `, `run.sh: line 3: cd: x: `, `sh: 1: cannot open x: `, `mv: cannot move 'a' to 'b': `, `tar (child): x: Cannot open: ` */
const BEFORE = [
  String.raw`^\S+(?: \(child\))?: (?:(?:line )?\d+: )?(?:(?:cd|exec|source|\.|error|fatal error): )?`,
  String.raw`(?:(?:[Cc]annot|can't|couldn't|could not|failed to) [a-z]+(?: [a-z]+){0,2}:? )?`,
];
const FILE = [
  String.raw`'(?<file>[^']+)'(?: to '[^']+')?`,
  String.raw`‘(?<file>[^’]+)’(?: to ‘[^’]+’)?`,
  String.raw`"(?<file>[^"]+)"`,
  String.raw`(?<file>[^\s:'"‘’]+)`,
];
const AFTER = String.raw`(?: for (?:reading|writing))?(?:: Cannot [a-z]+)?`;

/**
 * What the everyday programs of Unix, and shells, print when the system refuses them a file; `{file}` is caught.
 *
 * @param reasons - the system's words, e.g. `No such file or directory`, and a shell's own for the same
 */
export function unixMessages(...reasons: readonly string[]): readonly RegExp[] {
  const reason = `(?:${reasons.join('|')})`;
  return FILE.map(
    (file) =>
      new RegExp(
        String.raw`${BEFORE.join('')}${file}${AFTER}(?:: (?:\[Errno \d+\] )?${reason}| \(${reason}\))$`,
        'u',
      ),
  );
}

/**
 * What a shell says of a program that a signal ended: the whole line, since the same words inside a sentence mean nothing.
 *
 * `Killed` (dash), `x.sh: line 3:  4711 Killed                  python train.py` (bash), `zsh: killed     python train.py`,
 * `srun: error: node1: task 0: Killed` (Slurm)
 */
export function obituary(words: string): RegExp {
  const inZsh = `zsh: ${words.toLowerCase()}(?: .*)?`;
  const inSlurm = String.raw`srun: error: \S+: tasks? [\d,-]+: ${words}(?: \(core dumped\))?`;
  return new RegExp(
    String.raw`^(?:\S.*: line \d+: +\d+ ${words}(?![a-z] ).*|${words}(?: \(core dumped\))?|${inZsh}|${inSlurm})$`,
    'u',
  );
}
