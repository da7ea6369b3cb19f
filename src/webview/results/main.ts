import { guessGoal, type Goal } from '../../core/results/objective';
import type { HostMessage, PageRequest } from '../../core/results/page/protocol';
import { ChartArea } from './chartArea';
import { ChartView } from './charts/chart';
import { ComparePanel } from './charts/comparePanel';
import { CurvesChart } from './charts/curvesChart';
import { ImportancePanel } from './charts/importancePanel';
import { ParallelChart } from './charts/parallelChart';
import { ScatterChart } from './charts/scatterChart';
import { fill, h } from './dom';
import { Host } from './host';
import { readViewState } from './model/viewState';
import { PageStore } from './pageStore';
import { SelectionBar } from './selectionBar';
import { TableView } from './tableView';
import { onThemeChange, readTheme } from './theme';
import { Toolbar } from './toolbar';
import { l10n } from './l10n';

/** The results page: builds its parts and carries what the host says to them. */
function start(): void {
  const host = new Host(onMessage);
  const sweepId = document.body.dataset['sweep'] ?? '';
  const kept = host.kept;
  const view = readViewState(
    typeof kept === 'object' && kept !== null && 'view' in kept ? kept.view : undefined,
  );
  const store = new PageStore(view, (changed) => {
    host.keep({ sweepId, view: changed });
  });
  host.keep({ sweepId, view });

  const message = h('div', { class: 'message', role: 'alert', hidden: true });
  const reading = h('div', { class: 'reading', role: 'status', hidden: true });
  const tell = (text: string): void => {
    message.textContent = text;
    message.hidden = text === '';
  };
  const ask = (request: PageRequest): void => {
    tell('');
    host.ask(request).catch((error: unknown) => {
      tell(error instanceof Error ? error.message : String(error));
    });
  };
  const setObjective = (metric: string, goal: Goal): void => {
    store.setObjective({ metric, goal, from: 'chosen' });
    ask({ kind: 'objective', metric, goal });
  };

  let theme = readTheme();
  const currentTheme = () => theme;
  const parallel = new ChartView(
    new ParallelChart(store, () => {
      parallel.redraw();
    }),
    currentTheme,
  );
  const scatter = new ChartView(
    new ScatterChart(store, () => {
      scatter.redraw();
    }),
    currentTheme,
  );
  const curvesChart = new CurvesChart(
    store,
    () => {
      curves.redraw();
    },
    async (metric, tasks, maxPoints) => {
      const reply = await host.ask({ kind: 'series', metric, tasks, maxPoints });
      return reply.kind === 'series' ? reply.series : [];
    },
  );
  const curves = new ChartView(curvesChart, currentTheme);
  const compare = new ComparePanel((tasks, of) => {
    ask({ kind: 'diff', tasks, of });
  });
  const charts = new ChartArea(store, {
    parallel,
    scatter,
    curves,
    importance: new ImportancePanel(),
    compare,
  });
  const table = new TableView(store, {
    open: (task) => {
      ask({ kind: 'open', task, view: 'summary' });
    },
    setObjective: (metric) => {
      setObjective(metric, guessGoal(metric));
    },
  });
  const selection = new SelectionBar(store, {
    open: (task, what) => {
      ask({ kind: 'open', task, view: what });
    },
    rerun: (tasks) => {
      ask({ kind: 'rerun', tasks });
    },
  });
  const toolbar = new Toolbar(store, {
    setObjective,
    exportTable: (format) => {
      const { page } = store;
      if (page)
        ask({
          kind: 'table',
          format,
          tasks: page.derived.rows.map((row) => page.table.tasks[row] ?? 0),
          value: page.view.value,
        });
    },
    exportImage: (format) => {
      void exportImage(format);
    },
    exportNotebook: () => {
      ask({ kind: 'notebook' });
    },
  });

  async function exportImage(format: 'png' | 'svg'): Promise<void> {
    const { picture } = charts;
    const tab = store.page?.view.tab ?? 'chart';
    if (!picture) return;
    const bytes = format === 'svg' ? picture.svg() : await picture.png();
    ask({ kind: 'image', format, name: tab, bytes });
  }

  const main = h(
    'main',
    {},
    message,
    reading,
    charts.element,
    charts.splitter,
    selection.element,
    table.element,
  );
  fill(document.body, toolbar.element, main);
  fill(toolbar.element, h('p', { class: 'empty' }, l10n.t('Reading the results…')));
  let isFirst = true;
  store.listen((page) => {
    if (isFirst) fill(toolbar.element, ...toolbar.parts);
    isFirst = false;
    toolbar.show(page);
    charts.show(page);
    selection.show(page);
    table.show(page);
  });
  onThemeChange(() => {
    theme = readTheme();
    charts.picture?.redraw();
  });

  function onMessage(received: Exclude<HostMessage, { kind: 'reply' | 'refusal' }>): void {
    switch (received.kind) {
      case 'table':
        store.setTable(received.sweep, received.table, received.objective);
        break;
      case 'rows':
        curvesChart.outdate(received.table.tasks);
        store.setRows(received.table);
        break;
      case 'sweep':
        store.setSweep(received.sweep);
        break;
      case 'reading':
        reading.textContent = received.text;
        reading.hidden = received.text === '';
        break;
      case 'compare':
        store.update({ selected: received.tasks, tab: 'compare', chartsShown: true });
        break;
      case 'gone':
        fill(document.body, h('p', { class: 'empty', role: 'alert' }, received.message));
        break;
    }
  }

  host.ready();
}

start();
