import { Composer, Lexer, LineCounter, Parser, type CST, type Document, type YAMLError } from 'yaml';
import { buildTree } from './buildTree';
import { ProblemList } from './problemList';
import type { Span, YamlNode } from './yamlNode';

/** Characters that are read; the parser takes about a second per million. */
export const MAX_YAML_LENGTH = 4 * 1024 * 1024;

/** Levels that maps and lists may be nested, as the parser counts them. */
const MAX_DEPTH = 200;

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
  const tokens = readTokens(text, lines);
  if (!tokens) {
    problems.error('too-deep', start, `The file is nested more than ${MAX_DEPTH} levels deep.`);
    return { problems, start };
  }
  const root = readTree(tokens, text, lines, problems);
  return { ...(root && { root }), problems, start };
}

/**
 * The parser's tokens; undefined when they are nested too deeply. The parser keeps a stack of its own, but what comes
 * after it recurses, and near the end of the machine's stack V8 ends the whole process.
 */
function readTokens(text: string, lines: LineCounter): CST.Token[] | undefined {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) return undefined;
  }
  return [...tokens, ...parser.end()];
}

function readTree(
  tokens: readonly CST.Token[],
  text: string,
  lines: LineCounter,
  problems: ProblemList,
): YamlNode | undefined {
  // Scalars get their meaning in `readScalar`. The parser's own check for duplicate keys compares all pairs of keys;
  // `buildTree` finds them in one pass.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (!document) return undefined;
  for (const error of firstPerLine(document.errors, lines)) reportSyntax(error, text, problems);
  if (second) {
    const [at] = second.range;
    problems.error('several-documents', { start: at, end: at + 3 }, 'The file must hold one YAML document.');
    return undefined;
  }
  return document.errors.length > 0 || isEmpty(document) ? undefined : buildTree(document, problems);
}

/** One slip makes the parser stumble several times. */
function firstPerLine(errors: readonly YAMLError[], lines: LineCounter): YAMLError[] {
  const seen = new Set<number>();
  return errors.filter(({ pos: [start] }) => {
    const { line } = lines.linePos(start);
    return !seen.has(line) && seen.add(line);
  });
}

function isEmpty({ contents }: Document.Parsed): boolean {
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
