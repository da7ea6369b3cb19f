/**
 * What one does about a failure. `task`: its code or parameters must change; `resource`: it needs more of something;
 * `infrastructure`: a machine, network or service failed it; `environment`: the software or files there are not as it
 * expects.
 */
export type FailureClass = 'task' | 'resource' | 'infrastructure' | 'environment';

/** What a rerun would have to change to have a chance. `again`: nothing, it may just work. */
export type Remedy = 'memory' | 'time' | 'host' | 'again';

/**
 * Where a pattern looks. The named groups of an expression fill the `{name}` places of explanation and advice.
 *
 * `reason`: the engine's or the scheduler's words for the end, e.g. `OUT_OF_MEMORY`. `exception`: `Type: message` of the
 * exception that ended the program, or one of its causes. `output`: one of the last lines. `end`: the exit code, for a
 * failure that nothing else explains.
 */
export type Matcher =
  | { readonly in: 'reason'; readonly text: RegExp }
  | {
      readonly in: 'exception';
      readonly text: RegExp;
      /** A further condition on what the groups caught. */
      readonly when?: (values: PatternValues) => boolean;
    }
  | { readonly in: 'output'; readonly text: RegExp }
  | { readonly in: 'end'; readonly codes: readonly number[] };

export type PatternValues = Readonly<Record<string, string>>;

/** A kind of failure that is understood. Data: what it looks like, what it means, what to do. */
export interface FailurePattern {
  /** Stable; scripts read it. */
  readonly id: string;
  readonly class: FailureClass;
  /** Any of them. */
  readonly matchers: readonly Matcher[];
  /** What happened, no more than the text proves. */
  readonly explanation: string;
  /** What to do, concretely. */
  readonly advice: string;
  readonly remedy?: Remedy;
  /** Where this is known from. */
  readonly source: string;
}

/** In the exception that ended the program. */
export function raised(text: RegExp): Matcher {
  return { in: 'exception', text };
}

/** In one of the last lines of the output. */
export function printed(text: RegExp): Matcher {
  return { in: 'output', text };
}

/** In the exception, or printed by a program that has none. */
export function said(text: RegExp): readonly Matcher[] {
  return [raised(text), printed(text)];
}
