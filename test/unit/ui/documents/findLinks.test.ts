import assert from 'node:assert/strict';
import { fileLink } from '../../../../src/core/analysis/markdown';
import { findLinks, resolvePath } from '../../../../src/ui/documents/findLinks';

/** Links as `text -> path:line:column`. */
function checkLinks(text: string, ...expected: string[]): void {
  const actual = findLinks(text).map(({ start, end, path, line, column }) => {
    const place = [path, line, column].filter((part) => part !== undefined).join(':');
    return `${text.slice(start, end)} -> ${place}`;
  });
  assert.deepEqual(actual, expected);
}

describe('links in a document', () => {
  it('are found in the way that summaries write them', () => {
    const link = fileLink('train.py:88', '/my project/(a)/train.py', 88);
    checkLinks(`At ${link} in \`main\`.`, `${link} -> /my project/(a)/train.py:88`);
    const log = fileLink('stderr.log', '/runs/stderr.log');
    checkLinks(`${log}, ${log}.`, `${log} -> /runs/stderr.log`, `${log} -> /runs/stderr.log`);
  });

  it('are found in the way that previews write them', () => {
    checkLinks('[line 3](</a b/lr.yaml:3:5>)', '[line 3](</a b/lr.yaml:3:5>) -> /a b/lr.yaml:3:5');
  });

  it('take a drive letter for part of the path', () => {
    checkLinks('[x](file:///C:/p/a.py#L2)', '[x](file:///C:/p/a.py#L2) -> C:/p/a.py:2');
    checkLinks('C:\\p\\a.py:7', 'C:\\p\\a.py:7 -> C:\\p\\a.py:7');
  });

  it('are found in the lines of a Python traceback', () => {
    checkLinks(
      '  File "/project/my train.py", line 12, in main\n    run()',
      'File "/project/my train.py", line 12 -> /project/my train.py:12',
    );
  });

  it('are found where a compiler would name a place', () => {
    checkLinks('models/net.py:12:5: error', 'models/net.py:12:5 -> models/net.py:12:5');
    checkLinks('see ../a-b/c.cu:9.', '../a-b/c.cu:9 -> ../a-b/c.cu:9');
  });

  it('are not seen in times, versions or web addresses', () => {
    checkLinks('at 12:03:04, torch 2.1:3, [docs](https://example.org/a.py:3) http://127.0.0.1:8080/');
  });

  it('relative to the project are looked for there', () => {
    assert.equal(resolvePath('/project', 'src/a.py'), '/project/src/a.py');
    assert.equal(resolvePath('/project', '/else/a.py'), '/else/a.py');
    assert.equal(resolvePath('/project', 'C:\\a.py'), 'C:\\a.py');
  });
});
