import type { ShellOutcome } from './controlShell';

/** Programs that something of ours uses where they are, and whose absence the host check names. */
const TOOLS = [
  ...['rsync', 'git', 'tar', 'gzip', 'zstd', 'sha256sum', 'shasum', 'setsid', 'nohup', 'flock', 'timeout'],
  ...['nvidia-smi', 'python3', 'conda', 'mamba', 'micromamba', 'module', 'sbatch', 'qsub'],
] as const;

/** A program whose presence is known. */
export type RemoteTool = (typeof TOOLS)[number];

/** What is found out about a machine when it is first used. */
export interface RemoteFacts {
  /** Absolute. */
  readonly home: string;
  readonly user: string;
  readonly hostName: string;
  /** As `uname` says, e.g. `Linux`. */
  readonly system: string;
  /** e.g. `x86_64`. */
  readonly machine: string;
  /** Path of the user's login shell; may be empty. */
  readonly loginShell: string;
  /** Tool → where it is. Absent tools are missing. */
  readonly tools: Readonly<Partial<Record<RemoteTool, string>>>;
  /** First line of what a tool says of its version. */
  readonly versions: Readonly<Partial<Record<'rsync' | 'git' | 'tar' | 'python3', string>>>;
  /** What kind of `tar` it is; undefined: none, or an unknown one. */
  readonly tar?: 'gnu' | 'bsd' | 'busybox';
  /** How far the clock there is ahead of this machine's, milliseconds; as exact as the round trip was short. */
  readonly clockOffsetMs: number;
  /** The time from question to answer. */
  readonly roundTripMs: number;
  /** The environment that commands get there. Never to be logged. */
  readonly env: Readonly<Record<string, string>>;
}

/** Each answer is a line `key value`; the environment comes last, for its values may have several lines. */
const SCRIPT = `
echo "clock $(date +%s%N 2>/dev/null || date +%s)"
echo "home $HOME"
echo "user $(id -un 2>/dev/null || echo "$LOGNAME")"
echo "hostName $(uname -n)"
echo "system $(uname -s)"
echo "machine $(uname -m)"
echo "loginShell $SHELL"
for tool in ${TOOLS.join(' ')}; do
  where=$(command -v $tool 2>/dev/null) && echo "tool:$tool $where"
done
for tool in rsync git tar python3; do
  if command -v $tool >/dev/null 2>&1; then echo "version:$tool $($tool --version 2>&1 </dev/null | head -n 1)"; fi
done
echo environment
env
`;

/**
 * Asks a machine, in one round trip.
 *
 * @throws whatever `run` throws
 */
export async function readFacts(run: (script: string) => Promise<ShellOutcome>): Promise<RemoteFacts> {
  const askedMs = Date.now();
  const started = performance.now();
  const { stdout } = await run(SCRIPT);
  return parseFacts(stdout.toString('utf8'), { askedMs, roundTripMs: performance.now() - started });
}

/** Reads the answer to the question of {@link readFacts}. */
export function parseFacts(text: string, asked: { askedMs: number; roundTripMs: number }): RemoteFacts {
  const [head = '', environment = ''] = text.split(/^environment\n/m);
  const answers = new Map(head.split('\n').map(parseAnswer));
  const get = (key: string): string => answers.get(key) ?? '';
  const tar = tarFlavour(get('version:tar'));
  return {
    home: get('home'),
    user: get('user'),
    hostName: get('hostName'),
    system: get('system'),
    machine: get('machine'),
    loginShell: get('loginShell'),
    tools: pick(answers, 'tool:'),
    versions: pick(answers, 'version:'),
    ...(tar === undefined ? {} : { tar }),
    // The clock is read first there, so about half the way lies before it.
    clockOffsetMs: Math.round(clockMs(get('clock')) - asked.askedMs - Math.min(asked.roundTripMs, 1000) / 2),
    roundTripMs: asked.roundTripMs,
    env: parseEnvironment(environment),
  };
}

function parseAnswer(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}

function pick(answers: ReadonlyMap<string, string>, prefix: string): Record<string, string> {
  const own = [...answers].filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** Nanoseconds where \`date\` knows them; some print the letter instead, then the seconds stand alone. */
function clockMs(text: string): number {
  const digits = /^\d+/.exec(text)?.[0] ?? '';
  return digits.length > 12 ? Number(digits) / 1e6 : Number(digits) * 1000 + 500;
}

function tarFlavour(version: string): 'gnu' | 'bsd' | 'busybox' | undefined {
  if (version.includes('GNU tar')) return 'gnu';
  if (version.includes('bsdtar')) return 'bsd';
  return /busybox/i.test(version) ? 'busybox' : undefined;
}

/** A line that does not begin a variable belongs to the value before it. */
function parseEnvironment(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  let last: string | undefined;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) variables[(last = name)] = value;
    else if (last !== undefined) variables[last] = `${variables[last] ?? ''}\n${line}`;
  }
  return variables;
}
