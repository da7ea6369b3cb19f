import { errorText } from '../base/errors';
import type { JsonValue } from '../sweep/value';
import type { AttemptView } from './attemptStart';
import type { MetricRange } from './columnBuilder';
import { printFrom, type FilePrint } from './filePrint';
import { stemOf, type MetricFile } from './findMetricFiles';
import type { SummarySink } from './logSink';
import type { FileStamp } from './resultFiles';
import { isStepName } from './stepNames';

/** A task's metrics, with where they come from and what is wrong there. All empty when it wrote none. */
export interface TaskMetrics {
  /** Last values. */
  readonly metrics: ReadonlyMap<string, JsonValue>;
  /** Smallest and largest values of those that were logged by step. */
  readonly ranges: ReadonlyMap<string, MetricRange>;
  /** Files that had values, relative to the task's directory. */
  readonly origins: readonly { readonly file: string; readonly how: 'found' | 'configured' }[];
  /** Sentences. */
  readonly problems: readonly string[];
  /** Whether a file could not be read, which may be otherwise at another time. */
  readonly isIncomplete: boolean;
  /** What the files that were opened looked like before they were: `printOf` compares. */
  readonly print: number;
  /** Whether the output was looked through for want of files that log by step. */
  readonly triedOutput: boolean;
}

/** Adds up what the files of a task hold, in the order in which they are added. */
export class GatheredMetrics implements TaskMetrics {
  readonly metrics = new Map<string, JsonValue>();
  readonly ranges = new Map<string, MetricRange>();
  readonly origins: { file: string; how: 'found' | 'configured' }[] = [];
  readonly problems: string[] = [];
  /** Names of files that attempts before wrote. */
  readonly older: string[] = [];
  isIncomplete = false;
  triedOutput = false;
  /** A log by step had values. */
  hasLog = false;
  private readonly finals = new Set<string>();
  private readonly files: FilePrint;

  /** @param begin - see `beginOf` */
  constructor(
    begin: number,
    private readonly attempt: AttemptView,
  ) {
    this.files = printFrom(begin, attempt);
  }

  get print(): number {
    return this.files.value;
  }

  look({ path }: MetricFile, stamp: FileStamp | undefined): void {
    this.files.add(path, stamp);
  }

  /** It may be readable later. */
  fail({ name }: MetricFile, error: unknown): void {
    this.isIncomplete = true;
    this.problems.push(`${name} cannot be read: ${errorText(error)}`);
  }

  /** Says of which files nothing was taken. */
  tellOlder(): void {
    const [first, ...others] = this.older;
    if (first === undefined) return;
    const names = others.length === 0 ? first : `${first} and ${others.length} more`;
    this.problems.push(
      `Written before attempt ${this.attempt.number} began, so not counted as its results: ${names}.`,
    );
  }

  add(file: MetricFile, sink: SummarySink, problems: readonly string[]): void {
    this.problems.push(...problems);
    const { lasts } = sink;
    if (lasts.length > 0) this.origins.push({ file: originName(file.name), how: file.how });
    const isFinal = file.role === 'final';
    if (!isFinal && lasts.length > 0) this.hasLog = true;
    for (const [name, value] of lasts) {
      if (isFinal) {
        if (this.metrics.has(name)) continue;
        this.finals.add(name);
        this.metrics.set(name, value);
        continue;
      }
      const range = sink.rangeOf(name);
      if (this.finals.has(name)) {
        if (range && !this.ranges.has(name)) this.ranges.set(name, range);
        continue;
      }
      // Beside final values the counters of a log say little.
      if (this.finals.size > 0 && isStepName(name)) continue;
      if (this.metrics.has(name) && isStepName(name)) continue;
      // Several event files of one run go on with the same tags.
      const free = this.metrics.has(name) && file.format !== 'events' ? `${stemOf(file)}.${name}` : name;
      this.metrics.set(free, value);
      if (range) this.ranges.set(free, range);
    }
  }
}

/** Without what tells runs apart: the same place of all tasks has one name. */
function originName(name: string): string {
  return name
    .replace(/((?:offline-)?run-)\d{8}_\d{6}-\w+/u, '$1*')
    .replace(/(?<=^|\/)\d{9,}(?:\.\d+)?(?=\/)/u, '*')
    .replace(/events\.out\.tfevents\..*$/u, 'events.out.tfevents.*');
}
