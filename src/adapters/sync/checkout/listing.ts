import type { Stamp } from '../workspace/hashCache';

/** A word of `stamps` in `common.sh`. */
export interface ListedFile {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'other';
  readonly isExecutable: boolean;
  readonly stamp: Stamp;
}

/** Reads `f 755 1042 1795342713.5 1795342713.5 88213 src/run.sh`: type, permissions, size, mtime, ctime, inode, path. */
export function parseListing(words: readonly string[]): ListedFile[] {
  return words.flatMap((word) => {
    const match = /^(\S) (\d+) (\d+) (\S+) (\S+) (\d+) (?:\.\/)?([^]+)$/u.exec(word);
    if (!match) return [];
    const [, type, mode = '0', size = '', mtime = '', ctime = '', inode = '', path = ''] = match;
    return [
      {
        path,
        kind: type === 'f' ? 'file' : type === 'l' ? 'link' : 'other',
        isExecutable: (parseInt(mode, 8) & 0o111) !== 0,
        stamp: {
          text: `${mode} ${size} ${mtime} ${ctime} ${inode}`,
          changedAtMs: Math.max(Number(mtime), Number(ctime)) * 1000,
        },
      } as const,
    ];
  });
}

/** The word that a file had when it was hashed; as long as it has it, it is not read again. */
export function formatListed(path: string, stamp: Stamp['text']): string {
  return `f ${stamp} ./${path}`;
}
