import assert from 'node:assert/strict';
import { CommanderError, type Command } from 'commander';
import { buildProgram, type Invocation } from '../../../src/cli/program';

describe('the arguments of hsm', () => {
  const commands = [
    'expand',
    'check',
    'run',
    'attach',
    'rerun',
    'extend',
    'pause',
    'resume',
    'stop',
    'cancel',
    'slots',
  ];
  const queries = ['status', 'logs', 'errors', 'results', 'collect', 'sources', 'clean', 'sync'];

  it('know every command, each with a description', () => {
    const program = quiet(() => undefined);
    const found = program.commands.map((command) => command.name());
    assert.deepEqual([...found].sort(), [...commands, ...queries].sort());
    for (const command of program.commands) assert.notEqual(command.description(), '', command.name());
  });

  it('are refused by every command when it does not know them, and the program does not end by itself', async () => {
    const paths = (command: Command, path: readonly string[]): (readonly string[])[] => [
      path,
      ...command.commands.flatMap((child) => paths(child, [...path, child.name()])),
    ];
    for (const path of paths(
      quiet(() => undefined),
      [],
    )) {
      const { error, printed } = await parse([...path, '--no-such-option']);
      assert.equal(error?.code, 'commander.unknownOption', path.join(' '));
      assert.match(printed, /unknown option '--no-such-option'/);
    }
  });

  checkInvocation(['status', 'last', '--project', 'p'], { global: { project: 'p' }, sweep: 'last' });
  checkInvocation(['--project', 'p', '-v', 'status'], {
    ...{ global: { project: 'p', verbose: true } },
    onlyLooks: true,
  });
  checkInvocation(['run', 'a.yaml', '--source', 'a', '--source', 'b'], { global: {}, leavesItself: true });
  checkInvocation(['sources', 'test', 'local', '--json'], { global: {} });
  checkInvocation(['check', 'a.yaml', 'b.yaml'], { global: {} });

  checkRefused([], /Usage: hsm/);
  checkRefused(['staus'], /unknown command 'staus'\n\(Did you mean status\?\)/);
  checkRefused(['run'], /missing required argument 'file'/);
  checkRefused(['run', 'a.yaml', 'b.yaml'], /too many arguments/);
  checkRefused(['run', 'a.yaml', '--slots', '0'], /A whole number from 1 is wanted/);
  checkRefused(['run', 'a.yaml', '--max-tasks', '1e3'], /A whole number is wanted/);
  checkRefused(['slots', 'last', 'local', '-3'], /A whole number is wanted/);
  checkRefused(['slots', 'last', 'local', 'many'], /A whole number is wanted/);
  checkRefused(['rerun', 'last', '--failed', '--tasks', '3'], /cannot be used with/);
  checkRefused(['rerun', 'last', '--group', '1', '--tasks', '3'], /cannot be used with/);
  checkRefused(['rerun', 'last', '--group', '0'], /A whole number from 1 is wanted/);
  checkRefused(['rerun', 'last', '--time-limit', 'long'], /`long` is not a duration.*Write hours, minutes/s);
  checkRefused(
    ['rerun', 'last', '--time-limit', '23:00'],
    /hours and minutes, or minutes and seconds.*Write/s,
  );
  checkRefused(['rerun', 'last', '--sync', 'maybe'], /Allowed choices are push, skip/);
  checkRefused(['results', 'last', '--csv', '--json'], /cannot be used with/);

  it('print a help with examples and exit codes', async () => {
    const { printed, error } = await parse(['--help']);
    assert.equal(error?.exitCode, 0);
    assert.match(printed, /hsm rerun last --failed/);
    assert.match(printed, /Exit codes: 0 all well, 1 tasks failed or not in sync, 2 bad input/);
  });

  it('print the version', async () => {
    const { printed, error } = await parse(['--version']);
    assert.equal(error?.exitCode, 0);
    assert.equal(printed, '1.2.3\n');
  });

  function checkInvocation(args: readonly string[], expected: Invocation): void {
    it(`take ${args.join(' ')}`, async () => {
      const { invocation, error } = await parse(args);
      assert.equal(error, undefined);
      assert.deepEqual(invocation, expected);
    });
  }

  function checkRefused(args: readonly string[], words: RegExp): void {
    it(`refuse "${args.join(' ')}"`, async () => {
      const { printed, error } = await parse(args);
      assert.ok(error && error.exitCode !== 0);
      assert.match(printed, words);
    });
  }

  interface Outcome {
    readonly invocation?: Invocation;
    readonly printed: string;
    readonly error?: CommanderError;
  }

  async function parse(args: readonly string[]): Promise<Outcome> {
    let invocation: Invocation | undefined;
    let printed = '';
    const program = quiet((given) => (invocation = given));
    for (const command of allOf(program)) {
      const write = (text: string): void => {
        printed += text;
      };
      command.configureOutput({ writeOut: write, writeErr: write });
    }
    try {
      await program.parseAsync(['node', 'hsm', ...args]);
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      return { printed, error };
    }
    return { printed, ...(invocation && { invocation }) };
  }

  function quiet(onInvocation: (invocation: Invocation) => void): Command {
    return buildProgram('1.2.3', (invocation) => {
      onInvocation(invocation);
      return Promise.resolve();
    });
  }

  function allOf(command: Command): Command[] {
    return [command, ...command.commands.flatMap(allOf)];
  }
});
