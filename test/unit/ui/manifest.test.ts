import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { TASK_STATES } from '../../../src/core/engine/taskState';
import { COMMAND_IDS, COMMANDS } from '../../../src/ui/commands/commandTable';
import { sweepItem } from '../../../src/ui/trees/sweepItems';
import { taskItem } from '../../../src/ui/trees/taskItems';
import { FakeFacade } from '../../support/fakeFacade';
import { plainL10n } from '../../support/plainL10n';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly icon?: string;
      readonly enablement?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly viewsContainers: {
      readonly activitybar: readonly { readonly id: string; readonly icon: string }[];
    };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const root = new URL('../../../', import.meta.url);
const manifestText = readFileSync(new URL('package.json', root), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const texts = JSON.parse(readFileSync(new URL('package.nls.json', root), 'utf8')) as Record<string, string>;
const { commands, menus, views, viewsContainers, viewsWelcome, configuration } = manifest.contributes;
const declared = commands.map(({ command }) => command);

describe('the manifest', () => {
  it('declares exactly the commands that are handled', () => {
    assert.deepEqual([...declared].sort(), [...COMMAND_IDS].sort());
  });

  it('has an English text for every key, and no text that nothing uses', () => {
    const used = new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key));
    assert.deepEqual([...used].sort(), Object.keys(texts).sort());
  });

  it('takes every title from the texts', () => {
    const literal = commands.filter(
      ({ title, category }) => !/^%.+%$/.test(title) || category !== '%category%',
    );
    assert.deepEqual(literal, []);
  });

  it('offers only declared commands in menus', () => {
    const unknown = Object.values(menus)
      .flat()
      .filter(({ command }) => !declared.includes(command));
    assert.deepEqual(unknown, []);
  });

  it('links only to commands that exist from empty views', () => {
    const linked = Object.entries(texts)
      .filter(([key]) => key.startsWith('welcome.'))
      .flatMap(([, text]) => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, command = '']) => command));
    assert.ok(linked.length >= viewsWelcome.length);
    assert.deepEqual(
      linked.filter((command) => command.startsWith('hsm.') && !declared.includes(command)),
      [],
    );
  });

  it('says what to do in every empty view', () => {
    const known = Object.values(views).flat();
    for (const { id } of known)
      assert.ok(
        viewsWelcome.some(({ view }) => view === id),
        id,
      );
    assert.ok(viewsWelcome.every(({ view }) => known.some(({ id }) => id === view)));
  });

  it('disables without trust exactly the commands that refuse to run without it', () => {
    const disabled = commands
      .filter(({ enablement }) => enablement === 'isWorkspaceTrusted')
      .map(({ command }) => command);
    assert.deepEqual(disabled.sort(), COMMAND_IDS.filter((id) => COMMANDS[id].needsTrust).sort());
  });

  it('names icons that are there', () => {
    const files = [
      manifest.icon,
      ...viewsContainers.activitybar.map(({ icon }) => icon),
      ...Object.values(views).flatMap((list) => list.map(({ icon }) => icon)),
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(new URL(file, root))),
      [],
    );
  });

  it('gives an icon to every command that stands in a row of buttons', () => {
    const inRows = Object.values(menus)
      .flat()
      .filter(({ group }) => /^(inline|navigation)/.test(group ?? ''))
      .map(({ command }) => command);
    const bare = commands.filter(({ command, icon }) => inRows.includes(command) && !icon);
    assert.deepEqual(bare, []);
  });

  it('declares the settings that are read', () => {
    assert.deepEqual(Object.keys(configuration.properties), [
      'hsm.notifications.level',
      'hsm.problems.enabled',
    ]);
  });
});

/** Commands that stand as buttons on a line with this context value. */
function inlineOn(contextValue: string): string[] {
  return (menus['view/item/context'] ?? [])
    .filter(({ group }) => group?.startsWith('inline'))
    .filter(({ when = '' }) => matches(when, contextValue))
    .map(({ command }) => command);
}

function matches(when: string, contextValue: string): boolean {
  const [, pattern] = /^view == hsm\.\w+ && viewItem =~ \/(.+)\/$/.exec(when) ?? [];
  assert.ok(pattern, `not understood: ${when}`);
  return new RegExp(pattern).test(contextValue);
}

describe('the buttons on a line', () => {
  const facade = new FakeFacade();
  const sweep = facade.addSweep({ tasks: Object.fromEntries(TASK_STATES.map((state) => [state, 1])) });
  const sweepContexts = (
    ['running', 'paused', 'stopping', 'cancelling', 'succeeded', 'failed', 'cancelled'] as const
  ).map((state) => sweepItem(plainL10n, { ...sweep, state }, 0).contextValue);
  const taskContexts = facade
    .tasks(sweep.id)
    .map(
      (task) => taskItem(plainL10n, { kind: 'task', sweepId: '', group: 'done', task: 1 }, task).contextValue,
    );

  it('are never more than three', () => {
    for (const context of [...sweepContexts, ...taskContexts]) {
      assert.ok(inlineOn(context).length <= 3, `${context}: ${inlineOn(context).join()}`);
    }
  });

  it('of a failed task lead to the error, its stderr and another try', () => {
    assert.deepEqual(inlineOn('task failed hasStderr'), [
      'hsm.task.goToError',
      'hsm.task.openStderr',
      'hsm.task.rerun',
    ]);
  });

  it('of a running task show its output and cancel it', () => {
    assert.deepEqual(inlineOn('task running hasStderr'), ['hsm.task.openStdout', 'hsm.task.cancel']);
  });

  it('of a sweep fit its state', () => {
    assert.deepEqual(inlineOn('sweep running active'), ['hsm.sweep.pause', 'hsm.sweep.showResults']);
    assert.deepEqual(inlineOn('sweep paused active'), ['hsm.sweep.resume', 'hsm.sweep.showResults']);
    assert.deepEqual(inlineOn('sweep failed over hasFailed hasUnsuccessful'), [
      'hsm.sweep.rerunFailed',
      'hsm.sweep.showErrors',
    ]);
  });

  it('of a source test it, connect it where it is not connected, and open a terminal where it has a host', () => {
    assert.deepEqual(inlineOn('source local untested'), ['hsm.source.test']);
    for (const state of ['disconnected', 'waiting', 'refused']) {
      const expected = ['hsm.source.test', 'hsm.source.connect', 'hsm.source.openTerminal'];
      assert.deepEqual(inlineOn(`source ssh untested ${state}`), expected);
    }
    assert.deepEqual(inlineOn('source slurm healthy connected'), [
      'hsm.source.test',
      'hsm.source.openTerminal',
    ]);
  });

  it('of a changed file send it the way it goes, of a conflict either way, of what is blocked nowhere', () => {
    assert.deepEqual(inlineOn('file push file'), ['hsm.sync.push']);
    assert.deepEqual(inlineOn('file deletedThere file'), ['hsm.sync.pull']);
    assert.deepEqual(inlineOn('file conflict file'), ['hsm.sync.push', 'hsm.sync.pull']);
    assert.deepEqual([...inlineOn('file push commit'), ...inlineOn('file pull blocked')], []);
  });

  it('of a checkout do the safe thing, compare, and open what differs', () => {
    const always = ['hsm.sync.sync', 'hsm.sync.compare'];
    assert.deepEqual(inlineOn('remote idle differs'), [...always, 'hsm.sync.openAll']);
    assert.deepEqual(inlineOn('remote idle inSync'), always);
    assert.deepEqual(inlineOn('remote busy unknown'), []);
  });

  it('of a trouble try again', () => {
    for (const kind of ['refused', 'waiting', 'problem'])
      assert.deepEqual(inlineOn(`trouble ${kind}`), ['hsm.source.retry']);
  });
});
