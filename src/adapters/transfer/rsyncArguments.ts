/** Sides of a copy by rsync. */
export interface RsyncSides {
  readonly remoteDir: string;
  readonly localDir: string;
}

/** Kept alive while one side computes; an rsync that hears nothing for so long ends. */
const timeout = '--timeout=100';

/** What both directions share: arguments past the shell, exactly the files of a list, unfinished files kept. */
const shared = [
  '-s',
  '-t',
  '--omit-dir-times',
  '--files-from=-',
  '--from0',
  '--no-implied-dirs',
  '--partial',
];

/** Only plain files are taken, and never as something that can be executed. */
export function pullArguments(
  { remoteDir, localDir }: RsyncSides,
  options: {
    /** A directory here whose files rsync may use as parts of new ones. */
    readonly basis?: string | undefined;
    readonly maxSize?: number | undefined;
    readonly evenIfUnchanged?: boolean | undefined;
    /** The list names directories, of which everything is wanted. */
    readonly whole?: boolean;
  },
): string[] {
  const { basis, maxSize, evenIfUnchanged, whole } = options;
  return [
    ...shared,
    ...(whole === true ? ['-r'] : []),
    '--no-links',
    '--no-devices',
    '--no-specials',
    // The umask is taken off, as for any new file.
    '--chmod=D0777,F0666',
    ...(maxSize === undefined ? [] : [`--max-size=${maxSize}`]),
    ...(basis === undefined ? [] : [`--compare-dest=${basis}`]),
    ...(evenIfUnchanged === true ? ['--ignore-times'] : []),
    timeout,
    `host:${withSlash(remoteDir)}`,
    withSlash(localDir),
  ];
}

/** What may be executed here may be executed there; links go as links. */
export function pushArguments(
  { remoteDir, localDir }: RsyncSides,
  linkFrom: string | undefined,
  readOnly = false,
): string[] {
  return [
    ...shared,
    '-p',
    // Files of an earlier copy are only linked to when their permissions are the same.
    ...(readOnly ? ['--chmod=Fa-w'] : []),
    '-l',
    '--no-devices',
    '--no-specials',
    '--out-format=%i %n',
    ...(linkFrom === undefined ? [] : [`--link-dest=${linkFrom}`]),
    timeout,
    withSlash(localDir),
    `host:${withSlash(remoteDir)}`,
  ];
}

/**
 * The files that were sent, from lines of `--out-format='%i %n'`:
 *
 * `<f+++++++++ a/b.txt` was sent; `hf          c.txt` became a hard link; `cd+++++++++ a/` is a directory. Bytes that
 * are not printable stand as `\#012`.
 *
 * @see rsync(1), --itemize-changes
 */
export function parseSent(output: Buffer): string[] {
  return output
    .toString('latin1')
    .split('\n')
    .filter((line) => /^[<>c][fL]/.test(line))
    .map((line) => decodeName(line.slice(line.indexOf(' ') + 1)));
}

function decodeName(name: string): string {
  const bytes = name.replace(/\\#([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function withSlash(dir: string): string {
  return dir.endsWith('/') ? dir : `${dir}/`;
}
