import { HsmError } from '../../core/base/errors';
import type { SweepFacade } from '../../core/facade';
import { formatNotebook } from '../../core/results/notebook';
import type { DiffKind, PageReply, PageRequest, TaskView } from '../../core/results/page/protocol';
import { formatResultsCsv } from '../../core/results/resultsCsv';
import { rowAt, type ResultTable } from '../../core/results/resultTable';
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
      const text = request.format === 'csv' ? formatResultsCsv(table) : toJson(table);
      await desk.save(fileName(`.${request.format}`), new TextEncoder().encode(text), true);
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
      const objective = await results.objective();
      const parameters = results.rows([]).parameters.map(({ name }) => name);
      const text = formatNotebook({
        sweepId,
        sweepDir: sweep.dir,
        parameters,
        ...(objective && { objective }),
      });
      await desk.save(`${sweepName(sweep)}-${sweepId}.ipynb`, new TextEncoder().encode(text), true);
      return DONE;
    }
  }
}

function toJson(table: ResultTable): string {
  const rows = Array.from(table.tasks, (_, index) => {
    const { number, state, parameters, metrics } = rowAt(table, index);
    return { number, state, parameters, metrics };
  });
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}
