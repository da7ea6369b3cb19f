import type { Content } from '../../../core/sync/content';

const UNREADABLE: Content = { kind: 'other', what: 'it cannot be read' };

/**
 * Reads what `look` of `common.sh` says, e.g. `x ./run.sh`, `l ./data//../big`, `<64 digits>  ./run.sh`.
 *
 * @param hashes - of files that were not read because they are known
 */
export function parseLook(
  words: readonly string[],
  hashes: ReadonlyMap<string, string> = new Map(),
): Map<string, Content> {
  const contents = new Map<string, Content>();
  const executable = new Map<string, boolean | undefined>();
  for (const word of words) {
    const hash = /^\\?([0-9a-f]{64}) [ *](?=\.\/)/.exec(word);
    if (hash?.[1]) {
      const path = word.slice(hash[0].length + 2);
      contents.set(path, fileOf(hash[1], executable.get(path)));
      continue;
    }
    const rest = word.slice('f ./'.length);
    if (/^[fxp] /.test(word)) {
      const isExecutable = word.startsWith('p') ? undefined : word.startsWith('x');
      const sha256 = hashes.get(rest);
      executable.set(rest, isExecutable);
      contents.set(rest, sha256 === undefined ? UNREADABLE : fileOf(sha256, isExecutable));
    } else if (word.startsWith('l ')) {
      const end = rest.indexOf('//');
      contents.set(rest.slice(0, end), { kind: 'link', target: rest.slice(end + 2) });
    } else {
      // A repository in there is listed with a slash at its end.
      contents.set(rest.replace(/\/$/u, ''), OTHERS[word.slice(0, 1)] ?? UNREADABLE);
    }
  }
  return contents;
}

function fileOf(sha256: string, isExecutable: boolean | undefined): Content {
  return { kind: 'file', sha256, ...(isExecutable !== undefined && { isExecutable }) };
}

const OTHERS: Readonly<Record<string, Content>> = {
  n: { kind: 'absent' },
  d: { kind: 'absent', isFolder: true },
  s: { kind: 'other', what: 'its folder is a symbolic link' },
  o: { kind: 'other', what: 'it is neither a file nor a link' },
};

const LETTERS: Readonly<Record<string, string>> = { true: 'x', false: 'f', undefined: 'p' };

/** What `look` must say of a path; undefined: what is there is not known well enough to be looked for. */
export function expectedLook(path: string, content: Content): readonly string[] | undefined {
  switch (content.kind) {
    case 'absent':
      return [`n ./${path}`];
    case 'link':
      return [`l ./${path}//${content.target}`];
    case 'file':
      return [`${LETTERS[String(content.isExecutable)] ?? ''} ./${path}`, `${content.sha256}  ./${path}`];
    case 'object':
    case 'other':
      return undefined;
  }
}

/** Words in the order of `sort -z` in the C locale. */
export function sortWords(words: readonly string[]): Buffer {
  const sorted = words.map((word) => Buffer.from(word)).sort((a, b) => a.compare(b));
  return Buffer.concat(sorted.flatMap((word) => [word, Buffer.of(0)]));
}
