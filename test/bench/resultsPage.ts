import type { CDPSession } from 'playwright-core';
import { buildResultTable, selectRows } from '../../src/core/results/buildResultTable';
import type { ResultTable } from '../../src/core/results/resultTable';
import type { JsonValue } from '../../src/core/sweep/value';
import { ResultsHarness, type HarnessPage } from '../support/webview/resultsHarness';
import { sampleHead } from '../support/webview/sampleSweep';
import { toJsonText } from '../support/webview/tableJson';
import type { Bench, Contender } from './contender';

/** Does something in the page; tells how long it took, and the processor time before it. */
type Act = (
  opened: HarnessPage,
  cpu: () => Promise<number>,
) => Promise<{ readonly wallMs: number; readonly before: number }>;

/** Milliseconds of processor time that the page's own thread has taken. */
async function threadTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN) * 1000;
}

/** The results page of a large sweep in a browser: from its data to the first picture, and from a wish to its picture. */
export async function resultsPageBench(tasks: number, columns: number): Promise<Bench> {
  const harness = await ResultsHarness.start();
  const table = largeTable(tasks, columns);
  const one = (name: string, note: string, act: Act): Contender => ({
    name,
    note,
    units: 1,
    run: async () => {
      const opened = await harness.open();
      try {
        const session = await opened.page.context().newCDPSession(opened.page);
        await session.send('Performance.enable');
        const { wallMs, before } = await act(opened, () => threadTime(session));
        return { wallMs, cpuMs: (await threadTime(session)) - before };
      } finally {
        await opened.close();
      }
    },
  });
  const shown: Act = async (opened, cpu) => {
    await prepare(opened);
    const objective = { metric: 'metric_0', goal: 'maximize', from: 'chosen' };
    await hold(opened, { kind: 'table', sweep: sampleHead, table, objective });
    const before = await cpu();
    return { wallMs: Number(await opened.page.evaluate(POST)), before };
  };
  const news: Act = async (opened, cpu) => {
    await shown(opened, cpu);
    const places = Array.from({ length: 100 }, (_, index) => Math.floor((index * tasks) / 100));
    const some = selectRows(table, places);
    const metrics = some.metrics.map((column) => ({
      ...column,
      numbers: column.numbers.map((value) => value + 1),
    }));
    await hold(opened, { kind: 'rows', table: { ...some, metrics } });
    const before = await cpu();
    return { wallMs: Number(await opened.page.evaluate(POST)), before };
  };
  const after =
    (script: string): Act =>
    async (opened, cpu) => {
      await shown(opened, cpu);
      const before = await cpu();
      const wallMs = Number(await opened.page.evaluate(`timed(() => { ${script} })`));
      return { wallMs, before };
    };
  const longestBlock =
    (script: string, until: string): Act =>
    async (opened, cpu) => {
      await shown(opened, cpu);
      const before = await cpu();
      const wallMs = Number(await opened.page.evaluate(`longestBlock(() => { ${script} }, '${until}')`));
      return { wallMs, before };
    };
  return {
    name: `the results page with ${tasks.toLocaleString('en')} tasks × ${columns} columns`,
    unit: 'picture',
    contenders: [
      one('open', 'from the data in the page to the picture', shown),
      one('filter', 'a word typed into the filter, to the picture', after(FILTER)),
      one(
        'sort',
        'a click on a column',
        after('document.querySelectorAll("[role=columnheader]")[3].click()'),
      ),
      one('news', 'new values of 100 tasks that run', news),
      one('brush', 'one movement along an axis of the parallel coordinates', after(BRUSH)),
      one(
        'scroll down',
        'to the middle of the table',
        after(`document.querySelector('.grid').scrollTop = ${tasks * 12}`),
      ),
      one(
        'importance',
        'the longest that anything else waits while it is computed',
        longestBlock(IMPORTANCE, '.importance table'),
      ),
      one(
        'scroll across',
        'to the middle of the columns',
        after(`document.querySelector('.grid').scrollLeft = ${columns * 50}`),
      ),
    ],
    missing: [],
    dispose: () => harness.stop(),
  };
}

/** A message is there before it is said: its way into the test browser is no part of what is measured. */
async function hold({ page }: HarnessPage, message: unknown): Promise<void> {
  await page.evaluate((text) => {
    const held = globalThis as unknown as { message: unknown; toMessage: (text: string) => unknown };
    held.message = held.toMessage(text);
  }, toJsonText(message));
}

const POST = `timed(() => { postMessage(message, '*'); }, '.grid-row')`;
const FILTER = `const field = document.querySelector('.filter'); field.value = 'lr < 0.5 and metric_1 > 0.3'; field.dispatchEvent(new Event('input'));`;
const BRUSH = `
  const canvas = [...document.querySelectorAll('canvas')].find((each) => each.offsetParent);
  canvas.setPointerCapture = () => {};
  const box = canvas.getBoundingClientRect();
  const say = (kind, y) => canvas.dispatchEvent(new PointerEvent(kind, { clientX: box.left + 70, clientY: box.top + y, button: 0, pointerId: 1, bubbles: true }));
  say('pointerdown', 60); say('pointermove', 120);`;

const IMPORTANCE = `document.querySelector('#tab-importance').click()`;

/** Two pictures later what was asked for has been drawn. */
async function prepare({ page }: HarnessPage): Promise<void> {
  await page.evaluate(`
    globalThis.untilDrawn = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    globalThis.timed = async (act, until = 'body') => {
      const began = performance.now();
      act();
      do await untilDrawn(); while (!document.querySelector(until));
      return performance.now() - began;
    };
    globalThis.longestBlock = async (act, until) => {
      let longest = 0;
      let last = performance.now();
      act();
      while (!document.querySelector(until)) {
        await new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0); });
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      }
      return longest;
    };
  `);
}

function largeTable(tasks: number, columns: number): ResultTable {
  const random = (n: number): number => ((n * 2654435761) % 4294967296) / 4294967296;
  const rows = Array.from({ length: tasks }, (_, task) => {
    const parameters: Record<string, JsonValue> = {
      lr: random(task),
      width: 2 ** (task % 6),
      name: `kind${task % 4}`,
    };
    for (let n = 0; n < 7; n++) parameters[`p${n}`] = random(task * 17 + n);
    const metrics: Record<string, JsonValue> = {};
    for (let n = 0; n < columns - 10; n++) metrics[`metric_${n}`] = random(task * 31 + n * 7);
    return { number: task + 1, state: 'succeeded' as const, parameters, metrics };
  });
  return buildResultTable(rows);
}
