import { HsmError } from '../../core/base/errors';
import type { SweepFacade, SweepSummary } from '../../core/facade';
import { jsonText } from '../../core/results/jsonText';
import { formatNotebook } from '../../core/results/notebook';
import type { DiffKind, PageReply, PageRequest, TaskView } from '../../core/results/page/protocol';
import { csvNames, formatResultsCsv } from '../../core/results/resultsCsv';
import { toResultsJson } from '../../core/results/resultsJson';
import type { ResultSource } from '../../core/results/resultSource';
import { indicesOf } from '../../core/results/resultTable';
import { sweepName } from '../text/sweepName';

/** What a page needs of the editor. */
export interface PageDesk {
  openTask(sweepId: string, task: number, view: TaskView): Promise<void>;
  rerun(sweepId: string, tasks: readonly number[]): Promise<void>;
  diff(sweepId: string, tasks: readonly [number, number], of: DiffKind): Promise<void>;
  /** Asks where, and writes. @returns whether the user named a place */
  save(name: string, bytes: Uint8Array, opens: boolean): Promise<boolean>;
}

const DONE: PageReply = { kind: 'done' };

/** Does what a page asks for. Rejects with an `HsmError` whose message is fit to show. */
export async function answerPage(
  facade: Pick<SweepFacade, 'sweep' | 'resultsOf'>,
  desk: PageDesk,
  sweepId: string,
  request: PageRequest,
): Promise<PageReply> {
  const results = facade.resultsOf(sweepId);
  const fileName = (ending: string): string => `${sweepId}${ending}`;
  switch (request.kind) {
    case 'series':
      return { kind: 'series', series: await results.series(request, new AbortController().signal) };
    case 'objective':
      await results.setObjective({ metric: request.metric, goal: request.goal });
      return DONE;
    case 'open':
      await desk.openTask(sweepId, request.task, request.view);
      return DONE;
    case 'rerun':
      await desk.rerun(sweepId, request.tasks);
      return DONE;
    case 'diff':
      await desk.diff(sweepId, request.tasks, request.of);
      return DONE;
    case 'table': {
      const table = results.rows(request.tasks);
      const { format, value } = request;
      const all = indicesOf(table);
      const text =
        format === 'csv'
          ? formatResultsCsv(table, all, value)
          : `${jsonText(toResultsJson(table, all, value), 2)}\n`;
      const which = value === 'last' ? '' : `-${value}`;
      await desk.save(fileName(`${which}.${format}`), new TextEncoder().encode(text), true);
      return DONE;
    }
    case 'image':
      await desk.save(
        fileName(`-${request.name.replaceAll(/\W/gu, '')}.${request.format}`),
        request.bytes,
        true,
      );
      return DONE;
    case 'notebook': {
      const sweep = facade.sweep(sweepId);
      if (!sweep) throw new HsmError('input.invalid', `There is no sweep "${sweepId}" any more.`, {});
      const text = await notebookOf(results, sweep);
      await desk.save(`${sweepName(sweep)}-${sweepId}.ipynb`, new TextEncoder().encode(text), true);
      return DONE;
    }
  }
}

/** The notebook reads `results.csv`, so it names columns as that does. */
async function notebookOf(results: ResultSource, { id, dir }: SweepSummary): Promise<string> {
  const objective = await results.objective();
  const table = results.rows([]);
  const { parameters, metrics } = csvNames(table);
  const metric = metrics[table.metrics.findIndex(({ name }) => name === objective?.metric)];
  return formatNotebook({
    sweepId: id,
    sweepDir: dir,
    parameters,
    ...(objective && metric !== undefined && { objective: { metric, goal: objective.goal } }),
  });
}
