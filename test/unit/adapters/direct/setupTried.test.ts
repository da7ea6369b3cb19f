import { strict as assert } from 'node:assert';
import { toTriedSetup } from '../../../../src/adapters/direct/setupTried';

describe('What a look tries of the preparation of tasks', () => {
  it('is lines that only load modules', () => {
    checkTried('module load cuda', true);
    checkTried('module purge && module load gcc/12.2 cuda@11; ml -q python/3.11', true);
    checkTried('module  purge && module use ~/m $HOME/modules ${SITE}/x; module load gcc/12.2', true);
    checkTried('module --force purge', true);
    checkTried('ml load cuda', true);
    checkTried('ml gcc/12 cuda/11.8', true);
    checkTried('module load cuda\n', true);
  });

  it('is none that could do anything else', () => {
    for (const line of [
      'rm -rf data && mkdir data',
      'module load cuda && rm -rf data',
      'module load cuda; rm -rf data',
      'module load cuda || rm -rf data',
      'module load cuda | tee log',
      'module load cuda > log',
      'module load cuda & rm -rf data',
      'module load cuda\nrm -rf data',
      'module load $(rm -rf data)',
      'module load `rm -rf data`',
      'module load ${X:=$(rm -rf data)}',
      'module load <(rm -rf data)',
      '. /etc/profile && true',
      '. ~/env.sh',
      'source /opt/env.sh',
      'export A=1',
      'modules load cuda',
      'moduleload',
    ])
      checkTried(line, false);
  });

  it('is none by which modules write or run something', () => {
    checkTried('module save mine', false);
    checkTried('module initadd cuda', false);
    checkTried('module sh-to-mod bash /x.sh', false);
    checkTried('ml save', false);
    checkTried('ml source file', false);
  });

  it('is none that depends on the slot', () => {
    checkTried('module load tools/$HSM_SLOT', false);
    checkTried('module load ${CUDA_VISIBLE_DEVICES}', false);
  });

  it('ends at the first line that is something else: what follows may depend on it', () => {
    const setup = ['module load a', 'export MODULEPATH=/x', 'module load b'];
    const tried = toTriedSetup({ env: {}, setup }, true);
    assert.deepEqual(tried, { env: {}, setup: ['module load a'], isPartial: true });
  });

  it('is no environment in the project while that is not there', () => {
    for (const condaEnv of ['.venv', '../envs/a', 'envs/a']) {
      assert.equal(conda(condaEnv, false), undefined);
      assert.equal(conda(condaEnv, true), condaEnv);
    }
    for (const condaEnv of ['ml', '/opt/env', '~/env']) assert.equal(conda(condaEnv, false), condaEnv);
  });

  it('looks at a long line in no time', () => {
    const began = performance.now();
    checkTried(`module load ${'$AAAAAAAA'.repeat(1000)}!`, false);
    checkTried(`ml ${'a/a'.repeat(1000)}!`, false);
    assert.ok(performance.now() - began < 1000);
  });
});

function checkTried(line: string, isTried: boolean): void {
  const { setup, isPartial } = toTriedSetup({ env: {}, setup: [line] }, true);
  assert.deepEqual(setup, isTried ? [line] : [], line);
  assert.equal(isPartial, !isTried);
}

function conda(condaEnv: string, hasProject: boolean): string | undefined {
  return toTriedSetup({ env: {}, setup: [], condaEnv }, hasProject).condaEnv;
}
