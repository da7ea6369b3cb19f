/** What a program really wrote when it failed, and what looks like it and is something else. */
export interface PatternSample {
  readonly id: string;
  /** Where it was recorded: an address, or the program that wrote it. */
  readonly from: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** The scheduler's or the engine's words, where they tell. */
  readonly reason?: string;
  /** What is told of it: the pattern's explanation, filled. */
  readonly says: string;
  /** The end of another failure, which the pattern must leave alone. */
  readonly nearMiss: NearMiss;
}

export interface NearMiss {
  readonly stderr: string;
  readonly exitCode: number;
  readonly reason?: string;
}

type Texts = readonly [id: string, from: string, said: string, nearMiss: string, says: string];

/** Of Python: the recorded exception, below a frame of ours. */
export function raisedSamples(rows: readonly Texts[]): PatternSample[] {
  return rows.map(([id, from, said, near, says]) => ({
    id,
    from,
    says,
    stderr: traceback(said),
    exitCode: 1,
    nearMiss: { stderr: traceback(near), exitCode: 1 },
  }));
}

/** Of any program: its last lines as they were. */
export function printedSamples(
  rows: readonly Texts[],
  exitCode = 1,
  nearExitCode = exitCode,
): PatternSample[] {
  return rows.map(([id, from, said, near, says]) => ({
    id,
    from,
    says,
    stderr: `${said}\n`,
    exitCode,
    nearMiss: { stderr: `${near}\n`, exitCode: nearExitCode },
  }));
}

function traceback(exception: string): string {
  return `Traceback (most recent call last):\n  File "/home/ada/project/train.py", line 12, in main\n    step()\n${exception}\n`;
}

/** What Node.js prints of an error that nobody caught; the error may bring frames of its own. */
export function nodeError(error: string): string {
  return `/project/train.js:3\n  run();\n  ^\n\n${error}\n    at main (/project/train.js:3:1)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at node:internal/main/run_main_module:28:49\n\nNode.js v20.20.2`;
}
