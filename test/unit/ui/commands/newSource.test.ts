import assert from 'node:assert/strict';
import {
  checkSlots,
  checkSourceName,
  isHostName,
  suggestSourceName,
} from '../../../../src/ui/commands/newSource';
import { plainL10n } from '../../../support/plainL10n';

describe('a new compute source', () => {
  it('takes hosts, and nothing that ssh or a shell would read as more', () => {
    for (const host of ['gpu01', 'gpu01.example.org', '10.0.0.1', 'fe80::1%eth0'])
      assert.ok(isHostName(host));
    for (const host of ['', '-oProxyCommand=x', 'a b', 'a;b', '$(x)', 'a\nb', 'ada@gpu01'])
      assert.equal(isHostName(host), false, host);
  });

  it('is called after its host, and otherwise when that name is taken', () => {
    assert.equal(suggestSourceName('gpu01.example.org', []), 'gpu01.example.org');
    assert.equal(suggestSourceName('gpu01', ['gpu01', 'gpu01-2']), 'gpu01-3');
    assert.equal(suggestSourceName('fe80::1%eth0', []), 'fe80-1-eth0');
    assert.equal(suggestSourceName('_', []), 'host');
  });

  it('needs a name that is free and fits a command line', () => {
    assert.equal(checkSourceName(plainL10n, 'gpu01', ['local']), undefined);
    assert.match(checkSourceName(plainL10n, 'local', ['local']) ?? '', /already/);
    for (const name of ['', '-x', 'a b', 'a/b'])
      assert.match(checkSourceName(plainL10n, name, []) ?? '', /Use letters/, name);
  });

  it('has slots or leaves them open', () => {
    for (const slots of ['', '1', '64']) assert.equal(checkSlots(plainL10n, slots), undefined);
    for (const slots of ['0', '-1', '1.5', 'x'])
      assert.match(checkSlots(plainL10n, slots) ?? '', /whole number/);
  });
});
