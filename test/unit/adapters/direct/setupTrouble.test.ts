import { strict as assert } from 'node:assert';
import { explainFailedLine } from '../../../../src/adapters/direct/setupTrouble';

describe('What is told of a line of setup that failed', () => {
  const key = '0123456789abcdef0123456789abcdef01234567';

  it('hides the secrets that the line holds', () => {
    checkHidden(`wandb login ${key}`, [], key);
    checkHidden('export HF_TOKEN=abc123def && python -m site', [], 'abc123def');
    checkHidden(`conda_env: /envs/hf_${key}`, [], key);
  });

  it('hides the secrets that it printed', () => {
    checkHidden('./login', ['trying', `api_key=${key}`], key);
    checkHidden('./login', ['the value is open-sesame-7'], 'open-sesame-7', ['open-sesame-7']);
    // Also where the words of a known failure repeat what was printed.
    checkHidden('./login', ['sh: 4: open-sesame-7: not found'], 'open-sesame-7', ['open-sesame-7']);
  });

  it('leaves the rest', () => {
    const failed = { line: 'module load cuda', said: ['sh: 4: eval: module: not found'] };
    const { text } = explainFailedLine(failed, 'gpubox', []);
    assert.match(text, /^The setup line "module load cuda" failed on gpubox\. It said: module: not found\./);
  });

  function checkHidden(
    line: string,
    said: readonly string[],
    secret: string,
    secrets: readonly string[] = [],
  ): void {
    const { text, fix = '' } = explainFailedLine({ line, said }, 'gpubox', secrets);
    assert.equal(`${text} ${fix}`.includes(secret), false, text);
    assert.match(text, /\[redacted\]/);
  }
});
