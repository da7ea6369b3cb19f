import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension';
import type { UiTestApi } from '../../../src/ui/uiTestApi';

/** The parts of package.json that tests compare with what VS Code knows. */
export interface Manifest {
  readonly contributes?: {
    readonly commands?: readonly { readonly command: string }[];
    readonly views?: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsContainers?: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

/** The extension that this window loaded from its sources. */
export function extensionUnderTest(): vscode.Extension<unknown> {
  const extension = vscode.extensions.all.find((each) => each.id.endsWith('.hpc-sweep-manager'));
  if (extension === undefined) throw new Error('The extension is not loaded in this window.');
  return extension;
}

export function manifest(): Manifest {
  return extensionUnderTest().packageJSON as Manifest;
}

/** What the extension lets tests look at; activates it when it is not active yet. */
export async function activeApi(): Promise<UiTestApi> {
  const api = (await extensionUnderTest().activate()) as ExtensionApi | undefined;
  if (api === undefined) throw new Error('The extension found no project in this window.');
  return api.ui;
}
