import assert from 'node:assert/strict';
import { codeBlock, fileLink, plainText } from '../../../../src/core/analysis/markdown';
import { unfoldLinks } from '../../../../src/ui/documents/unfoldLinks';

function shown(markdown: string): { text: string; links: [string, string][] } {
  const { text, links } = unfoldLinks(markdown);
  return { text, links: links.map(({ start, end, url }) => [text.slice(start, end), url]) };
}

describe('unfoldLinks', () => {
  it('leaves of a link what it shows', () => {
    const markdown = `At ${fileLink('a b.py:8', '/p/a b.py', 8)} in \`f\`, ${fileLink('x`y', '/p/x`y')}.\n`;
    assert.deepEqual(shown(markdown), {
      text: 'At `a b.py:8` in `f`, ``x`y``.\n',
      links: [
        ['`a b.py:8`', 'file:///p/a%20b.py#L8'],
        ['``x`y``', 'file:///p/x%60y'],
      ],
    });
  });

  it('takes escapes away, but not from code', () => {
    const markdown = `${plainText('a *b* [c] _d_ e_f')} and \`a\\*b\`\n`;
    assert.equal(shown(markdown).text, 'a *b* [c] _d_ e_f and `a\\*b`\n');
  });

  it('leaves blocks of code alone', () => {
    const block = codeBlock(['[`a`](file:///b)', '```', 'x\\*y']);
    assert.deepEqual(shown(`${block}\n[\`a\`](hsm:/b)\n`), {
      text: `${block}\n\`a\`\n`,
      links: [['`a`', 'hsm:/b']],
    });
  });
});
