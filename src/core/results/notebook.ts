import type { Objective } from './objective';

export interface NotebookInput {
  readonly sweepId: string;
  /** Absolute. */
  readonly sweepDir: string;
  /** As their columns in the CSV are called. */
  readonly parameters: readonly string[];
  /** Its metric, too, by the name of its column. */
  readonly objective?: Pick<Objective, 'metric' | 'goal'>;
}

/** A Jupyter notebook that loads a sweep's `results.csv` with pandas, shows the best tasks and draws the objective. */
export function formatNotebook({ sweepId, sweepDir, parameters, objective }: NotebookInput): string {
  const cells = [
    markdown(
      `# ${sweepId}\n\nParameters and metrics of every task, as HPC Sweep Manager wrote them to \`results.csv\`. Run the first cell again for newer results.`,
    ),
    code(
      'from pathlib import Path\n' +
        'import pandas as pd\n\n' +
        `sweep = Path(${pythonText(sweepDir)})\n` +
        '# Only these are nothing: a parameter may be called NA or None.\n' +
        "df = pd.read_csv(sweep / 'results.csv', index_col='task', keep_default_na=False, na_values=['', 'NaN'])\n" +
        `parameters = ${pythonList(parameters)}\n` +
        "metrics = [c for c in df.columns if c not in parameters and c != 'state']\n" +
        'df',
    ),
    ...(objective ? objectiveCells(objective) : []),
    markdown("A task's own files lie in its directory:"),
    code(
      'def task_dir(task):\n' +
        "    return next(d for d in (sweep / 'tasks').iterdir() if int(d.name.split('_')[-1]) == task)\n\n" +
        'list(task_dir(int(df.index[0])).iterdir())',
    ),
  ];
  const notebook = {
    cells,
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 4,
  };
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}

function objectiveCells({ metric, goal }: Pick<Objective, 'metric' | 'goal'>): object[] {
  const ascending = goal === 'minimize' ? 'True' : 'False';
  return [
    markdown(`The best tasks by \`${metric}\` (${goal}):`),
    code(
      `objective = ${pythonText(metric)}\n` +
        `best = df[df['state'] == 'succeeded'].sort_values(objective, ascending=${ascending})\n` +
        'best.head(10)',
    ),
    markdown('The objective against each parameter that differs:'),
    code(
      'import matplotlib.pyplot as plt\n\n' +
        'differing = [p for p in parameters if df[p].nunique() > 1]\n' +
        'fig, axes = plt.subplots(1, max(1, len(differing)), figsize=(4 * max(1, len(differing)), 3.5), squeeze=False)\n' +
        'for ax, p in zip(axes[0], differing):\n' +
        "    ax.plot(df[p], df[objective], '.')\n" +
        '    ax.set_xlabel(p)\n' +
        'axes[0][0].set_ylabel(objective)\n' +
        'fig.tight_layout()',
    ),
  ];
}

function markdown(text: string): object {
  return { cell_type: 'markdown', metadata: {}, source: sourceLines(text) };
}

function code(text: string): object {
  return {
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [],
    source: sourceLines(text),
  };
}

function sourceLines(text: string): string[] {
  return text.split(/(?<=\n)/u);
}

function pythonList(texts: readonly string[]): string {
  return `[${texts.map(pythonText).join(', ')}]`;
}

/** A text in JSON is one in Python too. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}
