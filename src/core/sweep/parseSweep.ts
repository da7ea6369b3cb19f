import { ParameterNames } from './parameterNames';
import type { Parsed } from './problem';
import { readGrid, readPaired } from './readAxes';
import { checkClauseNames, readClauses, readDefaults, readFixed } from './readClauses';
import { readRandom } from './readRandom';
import { readRun, withoutAbsent } from './readRun';
import type { Clause, Sweep } from './sweep';
import { reportUnsupported } from './unsupportedKeys';
import type { JsonValue } from './value';
import { Fields, nodeToJson } from './yaml/fields';
import type { ProblemList } from './yaml/problemList';
import { readYaml } from './yaml/readYaml';
import { isNothing, kindText, type Span, type YamlNode } from './yaml/yamlNode';

const TOP_KEYS = ['script', 'metadata', 'defaults', 'run'];
const BLOCKS = ['grid', 'paired', 'random', 'exclude', 'include'];

/**
 * Reads a sweep file, in the nested form (`sweep: { grid: … }`) or the flat one (`grid: …` at the top).
 *
 * With errors the value is what could be read of the rest, fit to show but not to run; it is absent when the text is
 * no map at all.
 */
export function parseSweep(text: string): Parsed<Sweep> {
  const { root, problems, start } = readYaml(text);
  if (root?.kind !== 'map') {
    if (problems.problems.length === 0) reportNoSweep(root, start, problems);
    return { problems: problems.problems };
  }
  const value = readSweep(new Fields(root, '', problems), start);
  return { value, problems: problems.problems };
}

function reportNoSweep(root: YamlNode | undefined, start: Span, problems: ProblemList): void {
  if (!root || isNothing(root)) problems.error('empty-file', start, 'The sweep file is empty.');
  else problems.error('not-a-map', root, `A sweep file must be a map, but this is ${kindText(root)}.`);
}

function readSweep(top: Fields, start: Span): Sweep {
  const { problems } = top;
  const names = new ParameterNames(problems);
  const nested = top.entry('sweep') !== undefined;
  const blocks = nested ? top.fields('sweep') : top;
  const run = readRun(top.fields('run'));
  const command = commandPlace(top);
  const head = {
    script: top.text('script'),
    metadata: readMetadata(top),
    run,
    places: {
      parameters: names.places,
      start: problems.rangeOf(start),
      ...(command && { command: problems.rangeOf(command) }),
    },
  };
  const sweep: Sweep = withoutAbsent({ ...head, ...readBlocks(top, blocks, names) });
  for (const fields of blocks === top || !blocks ? [top] : [top, blocks]) {
    reportUnsupported(fields);
    fields.reportUnknown(fields === top ? (nested ? BLOCKS.map((block) => `sweep.${block}`) : []) : TOP_KEYS);
  }
  return sweep;
}

type BlockPart = Pick<Sweep, 'defaults' | 'axes' | 'random' | 'exclude' | 'include'>;

function readBlocks(top: Fields, blocks: Fields | undefined, names: ParameterNames): BlockPart {
  const { problems } = top;
  const grid = blocks?.mapNode('grid');
  const paired = blocks?.node('paired');
  const random = blocks?.fields('random');
  const axes = [
    ...(grid ? readGrid(grid, names, problems) : []),
    ...(paired ? readPaired(paired, names, problems) : []),
  ];
  const drawn = random && readRandom(random, names);
  const leaves = readDefaults(top.node('defaults'), problems);
  const defaults = readFixed(leaves, problems);
  for (const { name, keySpan } of leaves) {
    if (names.isVaried(name))
      problems.information(
        'default-overridden',
        keySpan,
        `\`${name}\` also varies; this default is not used.`,
      );
    names.note(name, keySpan);
  }
  const known = [...names.places.keys()];
  const clauses = (block: 'exclude' | 'include'): Clause[] => {
    const node = blocks?.node(block);
    if (!node) return [];
    const read = readClauses(node, block, problems);
    checkClauseNames(read, block, known, problems);
    return read;
  };
  const include = clauses('include');
  for (const { parameters, range } of include) for (const name of parameters.keys()) names.note(name, range);
  return { defaults, axes, random: drawn, exclude: clauses('exclude'), include };
}

function readMetadata(top: Fields): Readonly<Record<string, JsonValue>> {
  const map = top.mapNode('metadata');
  return Object.fromEntries((map?.entries ?? []).map(({ key, value }) => [key, nodeToJson(value)]));
}

/** Where the command template is written, if there is one. */
function commandPlace(top: Fields): Span | undefined {
  const run = top.node('run');
  if (run?.kind !== 'map') return undefined;
  const entry = run.entries.find(
    ({ key, value }) => key === 'command' || (key === 'arguments' && value.kind === 'list'),
  );
  return entry?.value;
}
