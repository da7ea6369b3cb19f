import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { HsmError } from '../../../../src/core/base/errors';
import { addSource } from '../../../../src/core/project/addSource';
import { parseConfig } from '../../../../src/core/project/config';

const SSH = { type: 'ssh', host: 'gpu01', slots: 2 };

interface Files {
  readonly project?: string;
  readonly machine?: string;
}

/** Adds a source and returns the project's file as it is then. */
async function added(name: string, fields: Parameters<typeof addSource>[2], files: Files): Promise<string> {
  const contents = new Map(
    Object.entries({ '/p/.hsm/config.yaml': files.project, '/home/.hsm/config.yaml': files.machine }),
  );
  const ports = {
    projectDir: '/p',
    machineConfigFile: '/home/.hsm/config.yaml',
    path: { join, relative: () => '', isAbsolute: () => true },
    files: {
      read: (path: string) => Promise.resolve(contents.get(path)),
      write: (path: string, text: string) => Promise.resolve(void contents.set(path, text)),
    },
  };
  await addSource(ports as unknown as Parameters<typeof addSource>[0], name, fields);
  return contents.get('/p/.hsm/config.yaml') ?? '';
}

async function checkRefused(name: string, fields: object, files: Files, message: RegExp): Promise<void> {
  await assert.rejects(added(name, fields as Parameters<typeof addSource>[2], files), (error) => {
    assert.ok(HsmError.is(error, 'input.invalid'), String(error));
    assert.match(error.message, message);
    return true;
  });
}

describe('adding a compute source to the configuration', () => {
  it('writes a file where there is none, and keeps the source that was there by itself', async () => {
    assert.equal(
      await added('gpu', SSH, {}),
      'sources:\n  local:\n    type: local\n  gpu:\n    type: ssh\n    host: gpu01\n    slots: 2\n',
    );
  });

  it('leaves every other byte as it was', async () => {
    const before = [
      '# my project',
      'project:   { script: train.py }   # here',
      'sources:',
      '    # this machine',
      '    here:    { type: local,   slots: 4 } # cores',
      '    # old: { type: ssh }',
      '',
      '# the rest',
      'max_tasks: 5e2',
      '',
    ];
    const after = (await added('gpu', SSH, { project: before.join('\n') })).split('\n');
    const block = ['    gpu:', '      type: ssh', '      host: gpu01', '      slots: 2'];
    assert.deepEqual(after, [...before.slice(0, 5), ...block, ...before.slice(5)]);
  });

  checkKept(
    'a file that ends without a line feed',
    'sources:\n  here:\n    type: local\n    setup:\n    - a',
  );
  checkKept('sources in braces', 'sources: { here: { type: local } } # all\nmax_tasks: 3\n', '# all');
  checkKept('an empty list of sources', 'sources: {}\nmax_tasks: 3\n');
  checkKept('sources that are only a heading', '# top\nsources:\nmax_tasks: 3\n', '# top');
  checkKept('a file of comments', '# nothing yet\n', '# nothing yet');
  checkKept(
    'lines that end as on Windows',
    'project:\r\n  script: a.py\r\nsources:\r\n  a: { type: local }\r\n',
    '\r\n  gpu:\r\n',
  );
  checkKept('a block of text at the end', 'sources:\n  a:\n    type: local\n    python: |\n      x\n');

  function checkKept(what: string, project: string, kept = ''): void {
    it(`goes on with ${what}`, async () => {
      const text = await added('gpu', SSH, { project });
      const before = parseConfig(project).value;
      const { value, problems } = parseConfig(text);
      assert.deepEqual(problems, []);
      assert.deepEqual(value?.sources['gpu'], SSH);
      assert.equal(value.maxTasks, before?.maxTasks);
      for (const [name, source] of Object.entries(before?.sources ?? {}))
        assert.deepEqual(value.sources[name], source);
      assert.ok(text.includes(kept), text);
    });
  }

  it('refuses a name that is taken, here or for the whole machine', async () => {
    await checkRefused('gpu', SSH, { project: 'sources: { gpu: { type: local } }' }, /already/);
    await checkRefused('gpu', SSH, { machine: 'sources: { gpu: { type: local } }' }, /already/);
  });

  it('refuses what could not be a name in a path or a command', async () => {
    for (const name of ['', '-o', 'a b', '../x', 'a\nb', 'a/b'])
      await checkRefused(name, SSH, {}, /cannot be the name/);
  });

  it('refuses fields that make no source', async () => {
    await checkRefused('gpu', { type: 'shh', host: 'x' }, {}, /not added/);
    await checkRefused('gpu', { type: 'ssh' }, {}, /it has no `host`/);
    await checkRefused('gpu', { ...SSH, slots: 0 }, {}, /not added/);
  });

  it('writes nothing into a file with errors', async () => {
    await checkRefused('gpu', SSH, { project: 'sources: [' }, /has errors, so nothing was added/);
  });
});
