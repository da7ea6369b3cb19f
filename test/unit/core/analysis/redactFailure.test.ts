import assert from 'node:assert/strict';
import { plainPalette } from '../../../../src/cli/text/palette';
import { formatFailure } from '../../../../src/cli/text/failureText';
import { formatGroups } from '../../../../src/cli/text/summaryText';
import { toGroupJson } from '../../../../src/cli/jsonShapes';
import { analyzeFailure } from '../../../../src/core/analysis/analyzeFailure';
import { groupFailures } from '../../../../src/core/analysis/groupFailures';
import { secretValues } from '../../../../src/core/analysis/redact';
import { formatTaskSummary } from '../../../../src/core/analysis/taskSummary';
import type { TaskDetails } from '../../../../src/core/facade';

const SECRET = 'q7Zr51xW9kLm3vTb8NcD';
const PROJECT = '/project';
const DIR = `${PROJECT}/outputs/s1/tasks/task_0001`;

const TASK: TaskDetails = {
  number: 1,
  name: 'task_0001',
  sweepId: 's1',
  state: 'failed',
  attempt: 1,
  exitCode: 1,
  source: 'local',
  parameters: { 'db.password': SECRET, url: `s3://me:${SECRET}@store/data`, lr: 0.1 },
  argv: ['train.py', SECRET, `db.password=${SECRET}`, '--api-key', SECRET, `url=https://me:${SECRET}@host/x`],
  dir: DIR,
  stdout: `${DIR}/stdout.log`,
  stderr: `${DIR}/stderr.log`,
};

/** Where programs let a secret slip: what each prints, or what is known of the task. */
const LEAKS: Readonly<Record<string, Partial<Parameters<typeof analyzeFailure>[0]>>> = {
  'a variable of the environment in the output': { stderrTail: `+ export WANDB_API_KEY=${SECRET}\n` },
  'a command line in the output': { stderrTail: `usage: train.py --auth-token ${SECRET}\n` },
  'the address of an exception': {
    stderrTail: `Traceback (most recent call last):\n  File "/project/train.py", line 3, in <module>\n    get(url)\nConnectionError: https://me:${SECRET}@host/x refused\n`,
  },
  'a source line of a traceback': {
    stderrTail: `Traceback (most recent call last):\n  File "/project/train.py", line 3, in <module>\n    login(password="${SECRET}")\nValueError: no\n`,
  },
  'a header': { stdoutTail: `Authorization: Bearer ${SECRET}\n` },
  'the words of a shell': {
    stderrTail: `/project/run.sh: line 3: --secret-key=${SECRET}: command not found\n`,
  },
  'another log': { otherLogs: [{ file: `${DIR}/app.log`, tail: `HF_TOKEN=${SECRET}\n` }] },
  'the environment of the machine': {
    systemText: `== environment\nSLURM_JOB_ID=1\nAWS_SECRET_ACCESS_KEY=${SECRET}\n== processes\n1 2 3.0 python train.py --password ${SECRET}\n`,
  },
  'the reason of a source': {
    task: { ...TASK, reason: `could not start: git clone https://me:${SECRET}@host/x` },
  },
  'the reason of a source, where there is no exit code': {
    task: { ...TASK, exitCode: undefined, reason: `could not start: git clone https://me:${SECRET}@host/x` },
  },
  'a variable with spaces in the environment of the machine': {
    systemText: `== environment\nPGPASSWORD=two ${SECRET}\n`,
  },
  'words that nobody can know, but for its configuration': {
    stderrTail: `opening ${SECRET}\nValueError: cannot open ${SECRET}\n`,
    stdoutTail: `x ${SECRET}\n`,
    systemText: `== processes\n 1 me 2 3.0 open ${SECRET}\n`,
    task: { ...TASK, reason: `no ${SECRET}`, exitCode: 3 },
    secrets: secretValues({ A_PASSWORD: SECRET }),
  },
};

describe('a secret that a failed task lets slip', () => {
  for (const [where, leak] of Object.entries(LEAKS))
    it(`in ${where} is in nothing that is made of it`, () => {
      const failure = analyzeFailure({
        task: TASK,
        stderrTail: '',
        stdoutTail: '',
        projectDir: PROJECT,
        ...leak,
      });
      const groups = groupFailures([failure]);
      const style = { cwd: PROJECT, palette: plainPalette, handle: 'last' };
      const made = {
        failure: JSON.stringify(failure),
        'groups.json': JSON.stringify(groups),
        'errors --json': JSON.stringify(groups.map(toGroupJson)),
        errors: formatGroups(groups, style).join('\n'),
        'errors of a task': formatFailure(failure, { ...TASK, ...leak.task }, style).join('\n'),
        summary: formatTaskSummary(failure, { ...TASK, ...leak.task }, PROJECT),
      };
      for (const [what, text] of Object.entries(made)) assert.ok(!text.includes(SECRET), `${what}: ${text}`);
    });
});
