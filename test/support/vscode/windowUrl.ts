import type { VscodeServer } from './server';

/** A window that runs tests in its extension host. All are absolute paths. */
export interface TestWindow {
  readonly folder: string;
  readonly extension: string;
  /** A module exporting `run(): Promise<void>`. */
  readonly tests: string;
}

/** The address of a window on a folder, to open in a browser on this machine. */
export function windowUrl(server: VscodeServer, folder: string): string {
  return pageUrl(server, { folder });
}

export function testWindowUrl(server: VscodeServer, { folder, extension, tests }: TestWindow): string {
  const remote = (path: string) => `vscode-remote://${new URL(server.origin).host}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(tests)],
  ];
  return pageUrl(server, { folder, payload: JSON.stringify(payload) });
}

function pageUrl(server: VscodeServer, query: Readonly<Record<string, string>>): string {
  return `${server.origin}/?${new URLSearchParams({ tkn: server.token, ...query }).toString()}`;
}
