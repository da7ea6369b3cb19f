// Loads the runner's programs as text, as the bundles do: `import runner from './runner.sh'`.
import { readFileSync } from 'node:fs';
import { Module } from 'node:module';

for (const extension of ['.sh', '.awk']) {
  Module._extensions[extension] = (module, filename) => {
    module.exports = { __esModule: true, default: readFileSync(filename, 'utf8') };
  };
}
