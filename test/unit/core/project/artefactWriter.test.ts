import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/core/base/event';
import { silentLogger } from '../../../../src/core/base/logger';
import type { EngineChange } from '../../../../src/core/engine/sweepEngine';
import { SweepSnapshot } from '../../../../src/core/engine/sweepState';
import { ArtefactWriter } from '../../../../src/core/project/artefactWriter';
import type { SweepArtefacts } from '../../../../src/core/project/sweepArtefacts';
import type { SweepSession } from '../../../../src/core/project/sweepSession';
import { ManualClock } from '../../../support/manualClock';

/** Follows a sweep whose tasks end all the time, for so long; tells how often the tables were written. */
async function countTables(followedMs: number, writingMs: number): Promise<number> {
  const clock = new ManualClock();
  const changed = new Emitter<EngineChange>();
  const state = new SweepSnapshot({ total: 9, sources: ['a'], retries: 0, lost: 'ask' });
  const session = { id: 'sweep', state, onDidChange: changed.event } as unknown as SweepSession;
  let written = 0;
  const artefacts = {
    writeTables: () => {
      written += 1;
      return new Promise<void>((resolve) => clock.after(writingMs, resolve));
    },
  } as unknown as SweepArtefacts;
  const writer = new ArtefactWriter(session, artefacts, clock, silentLogger);
  void writer.run();
  const endAt = clock.now() + followedMs;
  while (clock.now() < endAt) {
    changed.fire([1]);
    await clock.advance(1_000);
  }
  return written;
}

describe('ArtefactWriter', () => {
  it('writes the tables every ten seconds while tasks end', async () => {
    const times = await countTables(100_000, 10);
    assert.ok(times >= 5 && times <= 10, `${times} times`);
  });

  it('writes a failure anew when its files come after the sweep is over', async () => {
    const clock = new ManualClock();
    const arrived = new Emitter<readonly number[]>();
    const state = new SweepSnapshot({ total: 1, sources: ['far'], retries: 0, lost: 'ask' });
    state.apply({ kind: 'submitting', at: 0, source: 'far', token: 't', tasks: [[1, 1, 1]] });
    const ended = { kind: 'ended', task: 1, attempt: 1, exitCode: 1, atMs: 1 } as const;
    state.apply({ kind: 'observed', at: 0, source: 'far', cursor: '', records: [ended] });
    assert.equal(state.isOver, true);
    const onDidChange = new Emitter<EngineChange>().event;
    const session = { id: 'sweep', state, onDidChange } as unknown as SweepSession;
    const log: string[] = [];
    const artefacts = {
      writeTables: () => Promise.resolve(void log.push('tables')),
      writeSummary: (task: number) => Promise.resolve(void log.push(`summary ${task}`)),
    } as unknown as SweepArtefacts;
    const writer = new ArtefactWriter(session, artefacts, clock, silentLogger, {
      onDidArrive: arrived.event,
    });
    const done = writer.run();
    await clock.advance(1_000);
    assert.deepEqual(log.splice(0), ['summary 1', 'tables']);
    arrived.fire([1]);
    writer.dispose();
    await clock.advance(1_000);
    await done;
    assert.deepEqual(log, ['summary 1', 'tables']);
  });

  it('makes no tables of a sweep that is over while files of it are on their way', async () => {
    const clock = new ManualClock();
    const state = new SweepSnapshot({ total: 1, sources: ['far'], retries: 0, lost: 'ask' });
    state.apply({ kind: 'submitting', at: 0, source: 'far', token: 't', tasks: [[1, 1, 1]] });
    const changed = new Emitter<EngineChange>();
    const session = { id: 'sweep', state, onDidChange: changed.event } as unknown as SweepSession;
    const log: string[] = [];
    const artefacts = {
      writeTables: () => Promise.resolve(void log.push('tables')),
    } as unknown as SweepArtefacts;
    const arrivals = { onDidArrive: new Emitter<readonly number[]>().event, isBringing: true };
    const writer = new ArtefactWriter(session, artefacts, clock, silentLogger, arrivals);
    const done = writer.run();
    const ended = { kind: 'ended', task: 1, attempt: 1, exitCode: 0, atMs: 1 } as const;
    state.apply({ kind: 'observed', at: 0, source: 'far', cursor: '', records: [ended] });
    changed.fire([1]);
    await clock.advance(5_000);
    assert.deepEqual(log, []);
    writer.dispose();
    await done;
    assert.deepEqual(log, ['tables']);
  });

  it('writes what running tasks measure, though nothing else changes', async () => {
    const clock = new ManualClock();
    const state = new SweepSnapshot({ total: 1, sources: ['a'], retries: 0, lost: 'ask' });
    state.apply({ kind: 'submitting', at: 0, source: 'a', token: 't', tasks: [[1, 1, 1]] });
    const started = { kind: 'started', task: 1, attempt: 1, slot: 0, pid: 1, atMs: 1 } as const;
    state.apply({ kind: 'observed', at: 0, source: 'a', cursor: '', records: [started] });
    assert.equal(state.tasks.count('running'), 1);
    const onDidChange = new Emitter<EngineChange>().event;
    const session = { id: 'sweep', state, onDidChange } as unknown as SweepSession;
    const log: string[] = [];
    const artefacts = {
      writeTables: () => Promise.resolve(void log.push('all')),
      writeResults: () => Promise.resolve(void log.push('results')),
    } as unknown as SweepArtefacts;
    const writer = new ArtefactWriter(session, artefacts, clock, silentLogger);
    void writer.run();
    for (let second = 0; second < 50; second++) await clock.advance(1_000);
    writer.dispose();
    assert.equal(log[0], 'all');
    assert.ok(log.filter((text) => text === 'results').length >= 3, log.join());
  });

  it('writes tables that take long seldom', async () => {
    assert.equal(await countTables(200_000, 5_000), 2);
  });
});
