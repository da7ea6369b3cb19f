/** Scheme of the read-only documents that this extension writes. */
export const DOCUMENT_SCHEME = 'hsm';

/** What a virtual document shows. */
export type HsmDocument =
  | { readonly kind: 'task'; readonly sweepId: string; readonly task: number }
  | { readonly kind: 'errors'; readonly sweepId: string }
  | { readonly kind: 'results'; readonly sweepId: string }
  /** A file of the project, by its absolute path, as a task ran it. */
  | { readonly kind: 'code'; readonly sweepId: string; readonly file: string; readonly task?: number }
  /** `file` is the absolute path of a sweep file. */
  | { readonly kind: 'preview'; readonly file: string };

/** The parts of a `vscode.Uri` that matter here. */
export interface UriParts {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

/** Tables are plain text, because VS Code wraps the lines of Markdown. */
const ENDINGS: Readonly<Record<HsmDocument['kind'], string>> = {
  task: '.md',
  errors: '.md',
  results: '.txt',
  preview: '.txt',
  // Its own, so that it is coloured.
  code: '',
};

/**
 * The address of a document, e.g. `hsm:/lr_1/Task%2012%20errors.md?kind=task&sweep=lr_1&task=12`. The path is there for
 * the tab's title and the language; the query says what is meant.
 */
export function toUriParts(document: HsmDocument): UriParts {
  const { folder, name, query } = partsOf(document);
  const search = new URLSearchParams({ kind: document.kind, ...query });
  return {
    scheme: DOCUMENT_SCHEME,
    path: `/${folder}/${name}${ENDINGS[document.kind]}`,
    query: search.toString(),
  };
}

function partsOf(document: HsmDocument): { folder: string; name: string; query: Record<string, string> } {
  switch (document.kind) {
    case 'task': {
      const { sweepId, task } = document;
      return { folder: sweepId, name: `Task ${task} errors`, query: { sweep: sweepId, task: String(task) } };
    }
    case 'errors':
    case 'results': {
      const { sweepId, kind } = document;
      return { folder: sweepId, name: `${sweepId} ${kind}`, query: { sweep: sweepId } };
    }
    case 'code': {
      const { sweepId, file, task } = document;
      const query = { sweep: sweepId, file, ...(task !== undefined && { task: String(task) }) };
      return { folder: `${sweepId}/as it ran`, name: baseName(file), query };
    }
    case 'preview': {
      const base = baseName(document.file);
      return { folder: 'preview', name: `${base} preview`, query: { file: document.file } };
    }
  }
}

/** The whole address as text, for a link. */
export function addressOf(document: HsmDocument): string {
  const { scheme, path, query } = toUriParts(document);
  return `${scheme}:${encodeURI(path)}?${encodeURIComponent(query)}`;
}

function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

/** What an address means; undefined when it is none of ours. */
export function parseUriParts({ scheme, query }: UriParts): HsmDocument | undefined {
  if (scheme !== DOCUMENT_SCHEME) return undefined;
  const search = new URLSearchParams(query);
  const sweepId = search.get('sweep');
  const file = search.get('file');
  const kind = search.get('kind');
  const task = taskNumber(search.get('task'));
  switch (kind) {
    case 'task':
      return sweepId && task !== undefined ? { kind, sweepId, task } : undefined;
    case 'errors':
    case 'results':
      return sweepId ? { kind, sweepId } : undefined;
    case 'code':
      return sweepId && file ? { kind, sweepId, file, ...(task !== undefined && { task }) } : undefined;
    case 'preview':
      return file ? { kind, file } : undefined;
    default:
      return undefined;
  }
}

function taskNumber(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
