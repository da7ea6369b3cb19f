/** What is at a path on one side. */
export type Content =
  | {
      readonly kind: 'absent';
      /** There is a folder of that name. */
      readonly isFolder?: true;
    }
  /** A regular file. `sha256` is of its bytes, as 64 hexadecimal digits. */
  | {
      readonly kind: 'file';
      readonly sha256: string;
      /** Absent where the bit means nothing: Windows, and where git says so (`core.fileMode`). */
      readonly isExecutable?: boolean;
      /** Only where that is absent: git tracks the file as an executable one. */
      readonly isTrackedExecutable?: true;
    }
  /** A symbolic link, never followed: the link's text is what it is. */
  | { readonly kind: 'link'; readonly target: string }
  /** A clean tracked file, known by git's object id and mode (`100644`, `100755`, `120000`, `160000`). */
  | { readonly kind: 'object'; readonly oid: string; readonly mode: string }
  /** Something that is not transferred: a folder in a file's place, a pipe, a device, a file that cannot be read. */
  | { readonly kind: 'other'; readonly what: string };

export const ABSENT: Content = { kind: 'absent' };

/**
 * Whether two contents are known to be equal. An unknown executable bit equals both. Contents that
 * were measured in different ways (bytes against git's objects) are not known to be equal.
 */
export function isSameContent(a: Content, b: Content): boolean {
  if (a.kind === 'absent') return b.kind === 'absent';
  if (a.kind === 'file' && b.kind === 'file') {
    const bothKnown = a.isExecutable !== undefined && b.isExecutable !== undefined;
    return a.sha256 === b.sha256 && (!bothKnown || a.isExecutable === b.isExecutable);
  }
  if (a.kind === 'link' && b.kind === 'link') return a.target === b.target;
  return a.kind === 'object' && b.kind === 'object' && a.oid === b.oid && a.mode === b.mode;
}
