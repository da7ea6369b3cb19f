/** What is known of a sweep on a source when its files there could be removed. */
export interface RemovalQuestion {
  /** The user wants what is there to stay. */
  readonly keep: boolean;
  /** Tasks of the sweep that run or wait there. */
  readonly active: number;
  /** A task did not succeed: its files may be looked at there. Only a request of the user goes over this. */
  readonly anyNotSucceeded: boolean;
  /** All files there are here, compared by size and content. */
  readonly isVerified: boolean;
  /** The user asked for this removal by itself. */
  readonly isRequested: boolean;
}

/** Why the files of a sweep must stay where they ran; undefined: they may be removed. */
export function reasonToKeep(question: RemovalQuestion): string | undefined {
  if (question.active > 0) {
    return `${question.active} of its tasks ${question.active === 1 ? 'is' : 'are'} not over.`;
  }
  if (!question.isVerified) return 'Not all of it is here, compared with what is there.';
  if (question.isRequested) return undefined;
  if (question.keep) return 'The configuration keeps what is there.';
  if (question.anyNotSucceeded) return 'Some of its tasks did not succeed.';
  return undefined;
}

/**
 * Whether a path may ever be removed by this product: a directory of a sweep or a copy of code of one project right below
 * the source's root, by its plain name.
 *
 * @param root - the source's root, absolute and without `.`, `..` and doubled slashes
 */
export function isRemovable(root: string, projectId: string, path: string): boolean {
  if (!root.startsWith('/') || root === '/' || !isName(projectId)) return false;
  return ['sweeps', 'code'].some((kind) => {
    const folder = `${root}/${kind}/${projectId}/`;
    return path.startsWith(folder) && isName(path.slice(folder.length));
  });
}

/** One part of a path that is neither a step up nor hidden from the eye; copies of code in the making begin with a dot. */
function isName(part: string): boolean {
  return /^\.?[A-Za-z0-9_][\w.-]*$/.test(part);
}
