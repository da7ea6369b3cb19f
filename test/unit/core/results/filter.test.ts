import assert from 'node:assert/strict';
import { buildResultTable } from '../../../../src/core/results/buildResultTable';
import { STEP_VALUES, type StepValue } from '../../../../src/core/results/resultTable';
import { matchRows } from '../../../../src/core/results/filter/matchRows';

const table = buildResultTable([
  {
    number: 1,
    state: 'succeeded',
    parameters: { lr: 0.001, name: 'adam w', 'a b': 1 },
    metrics: { acc: 0.95, lr: 7 },
  },
  { number: 2, state: 'succeeded', parameters: { lr: 0.1, name: 'sgd' }, metrics: { acc: 0.5, ok: true } },
  { number: 3, state: 'failed', parameters: { lr: 0.1, name: 'adam' }, metrics: { 'val/loss': NaN } },
  { number: 4, state: 'waiting', parameters: { lr: 1, name: '10' }, metrics: {} },
]);

/** Which tasks pass. */
function checkFilter(text: string, expected: readonly number[]): void {
  const test = matchRows(table, text);
  if (typeof test !== 'function') assert.fail(`${text}: ${test.message}`);
  const passed = [0, 1, 2, 3].filter(test).map((row) => table.tasks[row]);
  assert.deepEqual(passed, expected, text);
}

function checkProblem(text: string, message: string, at: string): void {
  const problem = matchRows(table, text);
  if (typeof problem === 'function') assert.fail(`${text} was taken`);
  assert.deepEqual([problem.message, text.slice(problem.from, problem.to)], [message, at]);
}

describe('a filter of results', () => {
  it('lets everything through when it is empty', () => {
    checkFilter('', [1, 2, 3, 4]);
    checkFilter('  ', [1, 2, 3, 4]);
  });

  it('compares numbers', () => {
    checkFilter('lr < 0.1', [1]);
    checkFilter('lr<=1e-1', [1, 2, 3]);
    checkFilter('lr == .1', [2, 3]);
    checkFilter('task >= 3', [3, 4]);
  });

  it('compares words, with quotes or without, whatever their case', () => {
    checkFilter('state == succeeded', [1, 2]);
    checkFilter('state == "Failed"', [3]);
    checkFilter("name != 'sgd'", [1, 3, 4]);
    checkFilter('name == "adam w"', [1]);
    checkFilter('name contains adam', [1, 3]);
    checkFilter('name == 10', [4]);
  });

  it('joins conditions, “and” before “or”, with brackets and “not”', () => {
    checkFilter('lr < 0.01 and state == "succeeded" and acc > 0.9', [1]);
    checkFilter('task == 1 or task == 2 and lr > 5', [1]);
    checkFilter('(task == 1 or task == 2) and lr > 0.05', [2]);
    checkFilter('not (task == 1) and not task in [2]', [3, 4]);
    checkFilter('task == 1 || !(lr < 1 && acc)', [1, 3, 4]);
  });

  it('takes lists', () => {
    checkFilter('name in [sgd, "adam w"]', [1, 2]);
    checkFilter('task not in (1, 2)', [3, 4]);
  });

  it('knows what is missing, and compares it with nothing', () => {
    checkFilter('acc == null', [3, 4]);
    checkFilter('acc', [1, 2]);
    checkFilter('acc < 100', [1, 2]);
    checkFilter('ok == true', [2]);
  });

  it('compares columns with each other', () => {
    checkFilter('lr < acc', [1, 2]);
    checkFilter('param.lr >= metrics.acc', []);
    checkFilter('metrics.lr > lr', [1]);
    checkFilter('task == metrics.lr', []);
    // A word that is also the name of a column stays a word beside words.
    checkFilter('name == lr', []);
    checkFilter('name != acc', [1, 2, 3, 4]);
  });

  it('goes by the value that the table shows', () => {
    const one = buildResultTable([{ number: 1, state: 'succeeded', parameters: {}, metrics: { acc: 5 } }]);
    const metrics = one.metrics.map((column) => ({
      ...column,
      lows: Float64Array.of(1),
      highs: Float64Array.of(9),
    }));
    const passes = (text: string, value: StepValue): boolean => {
      const test = matchRows({ ...one, metrics }, text, value);
      return typeof test === 'function' && test(0);
    };
    assert.deepEqual(
      STEP_VALUES.map((value) => [value, passes('acc < 2', value), passes('acc > 8', value)]),
      [
        ['last', false, false],
        ['min', true, false],
        ['max', false, true],
      ],
    );
  });

  it('finds NaN', () => {
    checkFilter('val/loss == nan', [3]);
    checkFilter('val/loss > 0 or val/loss <= 0', []);
  });

  it('tells metrics from parameters of the same name, and takes odd names in backticks', () => {
    checkFilter('metrics.lr == 7', [1]);
    checkFilter('param.lr == 1', [4]);
    checkFilter('`a b` == 1', [1]);
  });

  it('says what is wrong, and where', () => {
    checkProblem('acx > 1', 'There is no column “acx”. Did you mean “acc”?', 'acx');
    checkProblem('lr <', 'Here a value is wanted: a number, a word or a “text”.', '');
    checkProblem('lr < 1 acc > 2', 'Here “and” or “or” is missing.', 'acc');
    checkProblem('(lr < 1', 'A closing bracket is missing here.', '');
    checkProblem('lr == "a', 'The quote " is not closed.', '"a');
    checkProblem('lr + 1', '“+” cannot stand here.', '+ 1');
    checkProblem('== 3', 'Here the name of a column is wanted.', '==');
    checkProblem('lr in 3', 'Here a list like [1, 2] is wanted.', '3');
    const instead = 'Words are compared with ==, !=, contains and in.';
    const noNumbers = (name: string, operator: string): string =>
      `“${name}” holds no numbers, so “${operator}” means nothing here. ${instead}`;
    checkProblem('name > sgd', noNumbers('name', '>'), 'name');
    checkProblem('name < 3', noNumbers('name', '<'), 'name');
    checkProblem('state < failed', noNumbers('state', '<'), 'state');
    checkProblem('lr < name', `“<” wants a number or a column of numbers after it. ${instead}`, 'name');
    checkProblem('lr < "acc"', `“<” wants a number or a column of numbers after it. ${instead}`, '"acc"');
    const states = 'Tasks are waiting, queued, running, succeeded, failed, cancelled, lost.';
    checkProblem('state == done', `There is no state “done”. ${states}`, 'done');
    checkProblem('state in [failed, faild]', `There is no state “faild”. ${states}`, 'faild');
    checkProblem('('.repeat(100_000), 'This is nested too deep.', '(');
  });
});
