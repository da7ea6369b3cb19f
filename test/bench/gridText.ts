/** A sweep file with so many tasks, of two parameters `a` and `b`, that run a command. */
export function gridText(tasks: number, command: readonly string[]): string {
  let outer = Math.floor(Math.sqrt(tasks));
  while (tasks % outer !== 0) outer -= 1;
  const list = (count: number): string => Array.from({ length: count }, (_, index) => index + 1).join(', ');
  const grid = `{ a: [${list(outer)}], b: [${list(tasks / outer)}] }`;
  return `sweep: { grid: ${grid} }\nrun: { command: [${command.map((word) => JSON.stringify(word)).join(', ')}] }\n`;
}
