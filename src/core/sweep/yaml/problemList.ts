import type { LineCounter } from 'yaml';
import type { Problem, Severity, TextRange } from '../problem';
import type { Span } from './yamlNode';

/** Problems of one kind that are listed; a generated file can have a million. */
const MAX_PER_CODE = 100;

/** Collects what is wrong in one text, and knows its lines. */
export class ProblemList {
  private readonly items: Problem[] = [];
  private readonly countByCode = new Map<string, number>();

  constructor(private readonly lines: LineCounter) {}

  /** In the order of the text. */
  get problems(): readonly Problem[] {
    return this.items.toSorted((a, b) => a.range.line - b.range.line || a.range.column - b.range.column);
  }

  error(code: string, at: Span | TextRange, message: string, hint?: string): void {
    this.add('error', code, at, message, hint);
  }

  warning(code: string, at: Span | TextRange, message: string, hint?: string): void {
    this.add('warning', code, at, message, hint);
  }

  information(code: string, at: Span | TextRange, message: string, hint?: string): void {
    this.add('information', code, at, message, hint);
  }

  rangeOf(at: Span | TextRange): TextRange {
    if ('line' in at) return at;
    const { start, end } = at;
    const from = this.lines.linePos(start);
    const to = this.lines.linePos(Math.max(start, end));
    return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  }

  private add(severity: Severity, code: string, at: Span | TextRange, message: string, hint?: string): void {
    const count = (this.countByCode.get(code) ?? 0) + 1;
    this.countByCode.set(code, count);
    if (count > MAX_PER_CODE) return;
    const more = count === MAX_PER_CODE ? ' (Further problems of this kind are not listed.)' : '';
    this.items.push({
      severity,
      code,
      message: message + more,
      range: this.rangeOf(at),
      ...(hint && { hint }),
    });
  }
}
