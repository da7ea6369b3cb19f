import assert from 'node:assert/strict';
import { parseMetricRule } from '../../../../src/core/results/metricRules';
import { endlessPart } from '../../../../src/core/results/patternCost';

function checkEndless(body: string, part: string | undefined): void {
  // What does not compile is told before.
  new RegExp(body, 'u');
  assert.equal(endlessPart(body), part, body);
}

describe('a pattern for the output', () => {
  it('is refused when it repeats what has no fixed length', () => {
    checkEndless(String.raw`^(a+)+$`, '(a+)+');
    checkEndless(String.raw`x(?<loss>\w+\s?)*$`, String.raw`(?<loss>\w+\s?)*`);
    checkEndless(String.raw`(?:(?:a|a))*?b`, '(?:(?:a|a))*?');
    checkEndless(String.raw`(.*,){11}x`, '(.*,){11}');
    checkEndless(String.raw`(?:[^)]{1,4}){2,}`, '(?:[^)]{1,4}){2,}');
    checkEndless(String.raw`((\d)(\d?))+`, String.raw`((\d)(\d?))+`);
  });

  it('is refused when it repeats anything twice with nothing fixed between', () => {
    checkEndless('.*.*.*=(?<x>1)', '.*.*');
    checkEndless(String.raw`x(?<a>.*)\s*(?<b>.+)=`, String.raw`.*)\s*(?<b>.+`);
  });

  it('may repeat letters, classes, and parts of a fixed length', () => {
    checkEndless(
      String.raw`epoch (?<epoch>\d+).*loss[=:]\s*(?<loss>\S+)(?:, acc=(?<acc>[\d.]+))?`,
      undefined,
    );
    checkEndless(String.raw`(?:\d{3},)*(?<n>\d{3})`, undefined);
    checkEndless(String.raw`(?:\S+\s+){4}(?<fifth>\S+)`, undefined);
    checkEndless(String.raw`\(a+\)+ [(+|]*(?<x>\p{L}+)[)]+`, undefined);
    checkEndless(String.raw`(?<=a+)b+(?!c*)(?<x>d)`, undefined);
    checkEndless(String.raw`loss\s*(?<x>\S+)\s*$`, undefined);
    checkEndless(String.raw`.*loss=(?<x>.*)`, undefined);
    checkEndless(String.raw`(?:a.*|.*b)(?<x>c)`, undefined);
    checkEndless(String.raw`(?:train|val)/(?<loss>\S+)`, undefined);
  });

  it('says which part, and what to write instead', () => {
    const rule: unknown = parseMetricRule(String.raw`/(?<loss>(?:\d+\.?)+)$/`);
    assert.ok(typeof rule === 'string');
    assert.match(rule, /^`\(\?:\\d\+\\\.\?\)\+` could share a text out .* would take for ever/u);
  });
});
