import type { HostMessage, PageMessage, PageReply, PageRequest } from '../../core/results/page/protocol';

/** What VS Code gives to the page. @see https://code.visualstudio.com/api/extension-guides/webview */
interface VsCodeApi {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The editor behind the page. */
export class Host {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<
    number,
    { resolve: (value: PageReply) => void; reject: (error: Error) => void }
  >();
  private lastId = 0;

  /** @param onMessage - is given what the host says by itself */
  constructor(onMessage: (message: Exclude<HostMessage, { kind: 'reply' | 'refusal' }>) => void) {
    window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
      if (data.kind === 'reply') this.settle(data.id)?.resolve(data.value);
      else if (data.kind === 'refusal') this.settle(data.id)?.reject(new Error(data.message));
      else onMessage(data);
    });
  }

  ready(): void {
    this.api.postMessage({ kind: 'ready' });
  }

  /** Rejects with a message that is fit to show. */
  ask(request: PageRequest): Promise<PageReply> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.api.postMessage({ kind: 'request', id, request });
    });
  }

  get kept(): unknown {
    return this.api.getState();
  }

  keep(state: unknown): void {
    this.api.setState(state);
  }

  private settle(id: number) {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}
