import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes an extension count as installed, from its folder: what the command "Install Extension from Location" writes. */
export async function installFromFolder(dataDir: string, extension: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(extension, 'package.json'), 'utf8')) as ExtensionIdentity;
  const entry = {
    identifier: { id: `${manifest.publisher}.${manifest.name}` },
    version: manifest.version,
    location: { $mid: 1, path: extension, scheme: 'file' },
    metadata: { installedTimestamp: Date.now(), source: 'resource' },
  };
  await mkdir(join(dataDir, 'extensions'), { recursive: true });
  await writeFile(join(dataDir, 'extensions/extensions.json'), JSON.stringify([entry]));
}

interface ExtensionIdentity {
  readonly publisher: string;
  readonly name: string;
  readonly version: string;
}
