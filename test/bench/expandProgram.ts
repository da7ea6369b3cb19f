import { expand } from '../../src/core/sweep/expand';
import { parseSweep } from '../../src/core/sweep/parseSweep';

/** Walks all combinations of a grid and prints how long it took. Usage: WAY AXES VALUES */
const [way, axes, values] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const names = Array.from({ length: axes }, (_, axis) => `group${axis}.name${axis}`);
const column = Array.from({ length: values }, (_, value) => value * 0.5);

const began = performance.now();
const count = way === 'loop' ? countByLoop(0, new Map()) : way === 'count' ? countOnly() : countByExpansion();
console.log(JSON.stringify({ count, wallMs: performance.now() - began }));

function sweepText(): string {
  const lists = names.map((name) => `    ${name}: [${column.map((value) => value.toFixed(1)).join(', ')}]`);
  return `sweep:\n  grid:\n${lists.join('\n')}\n`;
}

function readExpansion(): ReturnType<typeof expand> {
  const { value, problems } = parseSweep(sweepText());
  if (!value) throw new Error(problems.map((problem) => problem.message).join('; '));
  return expand(value);
}

function countOnly(): number {
  return readExpansion().count;
}

function countByExpansion(): number {
  let seen = 0;
  for (const parameters of readExpansion()) if (parameters.size === axes) seen += 1;
  return seen;
}

/** Nested loops that put each combination into a map: what no expansion into maps can undercut. */
function countByLoop(axis: number, fixed: ReadonlyMap<string, number>): number {
  const name = names[axis];
  if (name === undefined) return new Map(fixed).size === axes ? 1 : 0;
  let seen = 0;
  const combination = new Map(fixed);
  for (const value of column) {
    combination.set(name, value);
    seen += countByLoop(axis + 1, combination);
  }
  return seen;
}
