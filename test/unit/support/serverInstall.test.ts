import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDir } from '../../support/project';
import { oldestRelease } from '../../support/vscode/serverInstall';

describe('the oldest VS Code that tests run on', () => {
  it('is the oldest that package.json promises', () => {
    const manifest = JSON.parse(readFileSync(join(projectDir, 'package.json'), 'utf8')) as {
      engines: { vscode: string };
    };
    const [, minor] = oldestRelease.codeServer.split('.');
    assert.equal(manifest.engines.vscode, `^1.${String(minor)}.0`);
  });
});
