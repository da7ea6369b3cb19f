import { LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import { buildTree } from './buildTree';
import { ProblemList } from './problemList';
import type { Span, YamlNode } from './yamlNode';

/** Characters that are read; the parser takes about a second per million. */
export const MAX_YAML_LENGTH = 4 * 1024 * 1024;

/** A YAML text with its problems so far. `root` is absent when it is empty or cannot be read. */
export interface YamlText {
  readonly root?: YamlNode;
  readonly problems: ProblemList;
  /** The first line, to blame when the whole file is meant. */
  readonly start: Span;
}

/** Reads YAML without giving scalars a meaning, so that every number keeps its text and place. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const problems = new ProblemList(lines);
  const start = firstLine(text);
  if (text.length > MAX_YAML_LENGTH) {
    lines.addNewLine(0);
    const size = (text.length / 1024 / 1024).toFixed(1);
    problems.error(
      'file-too-large',
      { start: 0, end: 0 },
      `The file has ${size} MiB; at most 4 MiB are read.`,
    );
    return { problems, start };
  }
  try {
    return { ...readTree(text, lines, problems), problems, start };
  } catch (error) {
    // Thousands of open brackets exhaust the parser's stack.
    if (!(error instanceof RangeError)) throw error;
    problems.error('too-deep', start, 'The file is nested too deeply to be read.');
    return { problems, start };
  }
}

function readTree(text: string, lines: LineCounter, problems: ProblemList): { root?: YamlNode } {
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // Scalars get their meaning in `readScalar`.
    schema: 'failsafe',
    // The parser's own check compares all pairs of keys; `buildTree` finds duplicates in one pass.
    uniqueKeys: false,
  });
  for (const error of document.errors) reportSyntax(error, text, problems);
  if (document.errors.length > 0 || isEmpty(document)) return {};
  const root = buildTree(document, problems);
  return root ? { root } : {};
}

function isEmpty(document: Document.Parsed): boolean {
  const { contents } = document;
  return !contents || contents.range[0] === contents.range[1];
}

function reportSyntax(error: YAMLError, text: string, problems: ProblemList): void {
  const [start, end] = error.pos;
  const at = { start: Math.min(start, text.length), end: Math.min(end, text.length) };
  if (error.code === 'TAB_AS_INDENT')
    problems.error('tab-indent', at, 'YAML cannot be indented with tabs.', 'Use spaces.');
  else problems.error('yaml-syntax', at, `This is not valid YAML: ${error.message}`);
}

function firstLine(text: string): Span {
  const end = text.indexOf('\n');
  return { start: 0, end: end < 0 ? Math.min(text.length, 80) : end };
}
