import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { HostMessage, PageRequest } from '../../../src/core/results/page/protocol';
import { pageHtml } from '../../../src/ui/results/pageHtml';
import { projectDir, resultsDir } from '../project';
import { launchBrowser } from '../vscode/browser';
import { HEAR_HOST, toJsonText } from './tableJson';
import { themeCss, type ThemeName } from './themes';

/** The results page in a browser, without an editor: with its real document, policy and script. */
export class ResultsHarness {
  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
  ) {}

  static async start(): Promise<ResultsHarness> {
    const files = await bundle();
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const theme = (url.searchParams.get('theme') ?? 'dark') as ThemeName;
      const content: Readonly<Record<string, readonly [type: string, text: string]>> = {
        '/': ['text/html', documentOf(theme, url.searchParams.get('bundle') ?? '{}')],
        '/results.js': ['text/javascript', files.script],
        '/results.css': ['text/css', `${themeCss(theme)}\n${files.style}`],
      };
      const [type, text] = content[url.pathname] ?? ['text/plain', ''];
      response.writeHead(text === '' ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
      response.end(text);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ResultsHarness(server, await launchBrowser());
  }

  async open(options: OpenOptions = {}): Promise<HarnessPage> {
    const { theme = 'dark', kept, bundle } = options;
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    const opened = new HarnessPage(page);
    await opened.listen();
    await page.addInitScript(HEAR_HOST);
    await page.addInitScript(`(() => {
      let state = ${JSON.stringify(kept ?? null)};
      globalThis.acquireVsCodeApi = () => ({
        postMessage: (message) => globalThis.hearPage(JSON.stringify(message, (key, value) => ArrayBuffer.isView(value) ? [...value] : value)),
        getState: () => state ?? undefined,
        setState: (next) => { state = next; globalThis.keptState = next; },
      });
      document.addEventListener('securitypolicyviolation', (event) => { (globalThis.violations ??= []).push(event.violatedDirective); });
    })()`);
    const { port } = this.server.address() as AddressInfo;
    const language = encodeURIComponent(JSON.stringify(bundle ?? {}));
    await page.goto(`http://127.0.0.1:${port}/?theme=${theme}&bundle=${language}`);
    await page.evaluate(`document.body.className = '${CLASSES[theme]}'`);
    return opened;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly kept?: unknown;
  /** Texts in another language by the English ones. */
  readonly bundle?: Readonly<Record<string, string>>;
}

/** One page, with what it asked for. */
export class HarnessPage {
  readonly requests: PageRequest[] = [];
  /** Answers requests; by default all are done. */
  answer: (request: PageRequest) => Exclude<HostMessage, { kind: 'table' }>[] = () => [];

  constructor(readonly page: Page) {}

  async listen(): Promise<void> {
    await this.page.exposeFunction('hearPage', async (text: string) => {
      const message = JSON.parse(text) as { kind: string; id: number; request: PageRequest };
      if (message.kind !== 'request') return;
      this.requests.push(message.request);
      for (const said of this.answer(message.request))
        await this.say({ ...said, id: message.id } as HostMessage);
    });
  }

  /** Speaks as the editor does. */
  async say(message: HostMessage): Promise<void> {
    await this.page.evaluate((text) => {
      (globalThis as unknown as { hearHost: (text: string) => void }).hearHost(text);
    }, toJsonText(message));
  }

  /** What the page asked the editor to keep. */
  async kept(): Promise<unknown> {
    return this.page.evaluate('globalThis.keptState');
  }

  async violations(): Promise<unknown> {
    return this.page.evaluate('globalThis.violations ?? []');
  }

  /** The texts of a column on the screen, top to bottom. */
  async column(id: string): Promise<string[]> {
    const header = this.page.getByRole('columnheader', { name: id }).first();
    const place = await header.getAttribute('aria-colindex');
    const rows = await this.page.locator('.grid-row').all();
    const cells = await Promise.all(
      rows.map(async (row) => ({
        index: Number(await row.getAttribute('aria-rowindex')),
        text: (await row.locator(`[aria-colindex="${place}"]`).textContent()) ?? '',
      })),
    );
    return cells.sort((a, b) => a.index - b.index).map(({ text }) => text.replace(' ★ best', ''));
  }

  /** Keeps a picture in `test-results/`. */
  async picture(name: string): Promise<void> {
    mkdirSync(resultsDir, { recursive: true });
    await this.page.screenshot({ path: join(resultsDir, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

const CLASSES: Readonly<Record<ThemeName, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  contrast: 'vscode-high-contrast',
};

function documentOf(theme: ThemeName, bundle: string): string {
  return pageHtml({
    script: '/results.js',
    style: `/results.css?theme=${theme}`,
    cspSource: "'self'",
    nonce: randomUUID().replaceAll('-', ''),
    title: 'Results',
    sweepId: 'sweep_1',
    language: 'en',
    bundle: JSON.parse(bundle) as Record<string, string>,
  });
}

async function bundle(): Promise<{ script: string; style: string }> {
  const dir = join(projectDir, 'src/webview/results');
  const common = {
    bundle: true,
    write: false,
    minify: true,
    logLevel: 'error',
    target: 'chrome120',
  } as const;
  const [script, style] = await Promise.all([
    build({ ...common, entryPoints: [join(dir, 'main.ts')], format: 'iife' }),
    build({ ...common, entryPoints: [join(dir, 'page.css')] }),
  ]);
  return { script: script.outputFiles[0]?.text ?? '', style: style.outputFiles[0]?.text ?? '' };
}
