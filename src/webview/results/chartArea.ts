import type { ChartView } from './charts/chart';
import type { ComparePanel } from './charts/comparePanel';
import type { ImportancePanel } from './charts/importancePanel';
import { h } from './dom';
import { TABS, type Tab } from './model/viewState';
import type { Page, PageStore } from './pageStore';
import { l10n } from './l10n';

const TITLES: Readonly<Record<Tab, string>> = {
  parallel: l10n.t('Parallel Coordinates'),
  scatter: l10n.t('Scatter'),
  curves: l10n.t('Learning Curves'),
  importance: l10n.t('Importance'),
  compare: l10n.t('Compare'),
};

const [LEAST, STEP] = [160, 24];

export interface Panels {
  readonly parallel: ChartView;
  readonly scatter: ChartView;
  readonly curves: ChartView;
  readonly importance: ImportancePanel;
  readonly compare: ComparePanel;
}

/** The charts as tabs above the table, with a bar to make them taller or flatter. */
export class ChartArea {
  readonly element: HTMLElement;
  readonly splitter: HTMLElement;
  private readonly tabs = new Map<Tab, HTMLButtonElement>();
  private readonly body: HTMLElement;
  private page: Page | undefined;

  constructor(
    private readonly store: PageStore,
    private readonly panels: Panels,
  ) {
    for (const tab of TABS) this.tabs.set(tab, this.makeTab(tab));
    const list = h(
      'div',
      {
        class: 'tabs',
        role: 'tablist',
        'aria-label': l10n.t('Charts'),
        onkeydown: (event) => {
          if (event instanceof KeyboardEvent) this.onKey(event);
        },
      },
      ...this.tabs.values(),
    );
    this.body = h(
      'div',
      { class: 'panel', role: 'tabpanel', id: 'chart-panel' },
      ...TABS.map((tab) => panels[tab].element),
    );
    this.element = h(
      'section',
      { class: 'charts', id: 'charts-area', 'aria-label': l10n.t('Charts') },
      list,
      this.body,
    );
    this.splitter = this.makeSplitter();
  }

  /** The picture that is shown; undefined where the panel is no picture. */
  get picture(): ChartView | undefined {
    const tab = this.page?.view.tab;
    return tab === 'parallel' || tab === 'scatter' || tab === 'curves' ? this.panels[tab] : undefined;
  }

  show(page: Page): void {
    this.page = page;
    const { tab: shown, chartsShown, chartHeight } = page.view;
    this.element.hidden = this.splitter.hidden = !chartsShown;
    this.element.style.height = `${Math.min(chartHeight, window.innerHeight - 220)}px`;
    this.splitter.setAttribute('aria-valuenow', String(chartHeight));
    this.body.setAttribute('aria-labelledby', `tab-${shown}`);
    for (const [tab, element] of this.tabs) {
      const isShown = tab === shown;
      element.setAttribute('aria-selected', String(isShown));
      element.tabIndex = isShown ? 0 : -1;
      this.panels[tab].element.hidden = !isShown;
    }
    if (chartsShown) this.panels[shown].show(page);
  }

  private makeTab(tab: Tab): HTMLButtonElement {
    return h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${tab}`,
        'aria-controls': 'chart-panel',
        onclick: () => {
          this.store.update({ tab });
        },
      },
      TITLES[tab],
    );
  }

  private onKey(event: KeyboardEvent): void {
    const at = TABS.indexOf(this.page?.view.tab ?? 'parallel');
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const tab = TABS[(at + step + TABS.length) % TABS.length];
    if (step === 0 || tab === undefined) return;
    this.store.update({ tab });
    this.tabs.get(tab)?.focus();
    event.preventDefault();
  }

  private makeSplitter(): HTMLElement {
    const resize = (height: number): void => {
      this.store.update({ chartHeight: Math.max(LEAST, Math.round(height)) });
    };
    const splitter = h('div', {
      class: 'splitter',
      role: 'separator',
      tabindex: 0,
      'aria-orientation': 'horizontal',
      'aria-label': l10n.t('Height of the charts'),
    });
    splitter.addEventListener('pointerdown', (event) => {
      splitter.setPointerCapture(event.pointerId);
      const start = event.clientY - this.element.offsetHeight;
      const onMove = (moved: PointerEvent): void => {
        resize(moved.clientY - start);
      };
      splitter.addEventListener('pointermove', onMove);
      splitter.addEventListener(
        'pointerup',
        () => {
          splitter.removeEventListener('pointermove', onMove);
        },
        { once: true },
      );
    });
    splitter.addEventListener('keydown', ({ key }) => {
      const step = key === 'ArrowDown' ? STEP : key === 'ArrowUp' ? -STEP : 0;
      if (step !== 0) resize(this.element.offsetHeight + step);
    });
    return splitter;
  }
}
