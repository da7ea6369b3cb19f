import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Disposable } from '../../../src/core/base/lifecycle';

export interface ProxyOptions {
  /** Milliseconds that every byte is on its way, in each direction. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
}

/** What went through since the start. */
export interface Traffic {
  readonly up: number;
  readonly down: number;
  /** How often the client spoke after the server had: an upper bound of what waiting for answers costs. */
  readonly turns: number;
  readonly connections: number;
}

/** Stands before a port of this machine and does to its connections what networks do. */
export class TcpProxy implements Disposable {
  private readonly links = new Set<Link>();
  private readonly server: Server;
  private readonly total = { up: 0, down: 0, turns: 0, connections: 0 };
  private lastSpeaker: 'up' | 'down' = 'down';
  private bytesToCut = Infinity;
  private isBlackHole = false;
  private refuses = false;

  private constructor(
    private readonly target: number,
    private readonly options: ProxyOptions,
  ) {
    this.server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.accept(client);
    });
  }

  static async start(target: number, options: ProxyOptions = {}): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, options);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get traffic(): Traffic {
    return { ...this.total };
  }

  get openConnections(): number {
    return this.links.size;
  }

  /** Resets every connection after so many further bytes of all of them together. Once; later ones live. */
  cutAfter(bytes: number): void {
    this.bytesToCut = bytes;
  }

  /** Resets every connection now, as a firewall does that forgot them. */
  reset(): void {
    for (const link of this.links) link.reset();
  }

  /** Takes everything and delivers nothing: a network that went away and told nobody. */
  blackHole(on: boolean): void {
    this.isBlackHole = on;
    // What was lost on the way is lost: TCP would send it again, a proxy cannot.
    if (!on) this.reset();
  }

  /** Closes new connections at once, as when nothing listens any more. */
  refuse(on: boolean): void {
    this.refuses = on;
  }

  dispose(): void {
    this.server.close();
    this.reset();
  }

  private accept(client: Socket): void {
    if (this.refuses) {
      client.resetAndDestroy();
      return;
    }
    this.total.connections += 1;
    const server = createConnection({
      port: this.target,
      host: '127.0.0.1',
      allowHalfOpen: true,
      noDelay: true,
    });
    const link = new Link(client, server);
    this.links.add(link);
    this.carry(link, client, server, 'up');
    this.carry(link, server, client, 'down');
    client.on('close', () => {
      if (server.destroyed) this.links.delete(link);
    });
    server.on('close', () => {
      if (client.destroyed) this.links.delete(link);
    });
  }

  private carry(link: Link, from: Socket, to: Socket, direction: 'up' | 'down'): void {
    const lane = new Lane(from, to, this.options);
    from.on('data', (bytes) => {
      this.count(direction, bytes.length);
      if (this.isBlackHole) return;
      const allowed = Math.min(bytes.length, this.bytesToCut);
      this.bytesToCut -= bytes.length;
      if (allowed === bytes.length) {
        lane.send(bytes);
        return;
      }
      to.write(bytes.subarray(0, allowed));
      this.bytesToCut = Infinity;
      this.reset();
    });
    from.on('end', () => {
      if (!this.isBlackHole) lane.end();
    });
    from.on('error', () => {
      link.reset();
    });
    from.on('close', (hadError) => {
      if (hadError && !this.isBlackHole) link.reset();
    });
  }

  private count(direction: 'up' | 'down', bytes: number): void {
    this.total[direction] += bytes;
    if (direction === 'up' && this.lastSpeaker === 'down') this.total.turns += 1;
    this.lastSpeaker = direction;
  }
}

/** The two halves of one connection. */
class Link {
  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
  ) {}

  reset(): void {
    for (const socket of [this.client, this.server]) if (!socket.destroyed) socket.resetAndDestroy();
  }
}

/** One direction of a connection: a queue whose head is due at a time. */
class Lane {
  private readonly queue: { readonly bytes: Buffer | undefined; readonly dueAt: number }[] = [];
  private queued = 0;
  private lineFreeAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly options: ProxyOptions,
  ) {
    to.on('drain', () => {
      this.resumeIfRoom();
    });
  }

  send(bytes: Buffer): void {
    this.put(bytes);
    this.queued += bytes.length;
    if (this.queued + this.to.writableLength > roomBytes) this.from.pause();
  }

  end(): void {
    this.put(undefined);
  }

  private put(bytes: Buffer | undefined): void {
    const { latencyMs = 0, bytesPerSecond = Infinity } = this.options;
    const now = performance.now();
    this.lineFreeAt = Math.max(now, this.lineFreeAt) + ((bytes?.length ?? 0) / bytesPerSecond) * 1000;
    this.queue.push({ bytes, dueAt: this.lineFreeAt + latencyMs });
    this.deliver();
  }

  private deliver(): void {
    clearTimeout(this.timer);
    const now = performance.now();
    for (let head = this.queue[0]; head !== undefined && head.dueAt <= now; head = this.queue[0]) {
      this.queue.shift();
      this.queued -= head.bytes?.length ?? 0;
      if (this.to.destroyed) continue;
      if (head.bytes === undefined) this.to.end();
      else this.to.write(head.bytes);
    }
    this.resumeIfRoom();
    const next = this.queue[0];
    if (next)
      this.timer = setTimeout(() => {
        this.deliver();
      }, next.dueAt - now);
  }

  private resumeIfRoom(): void {
    if (this.from.isPaused() && this.queued + this.to.writableLength < roomBytes / 2) this.from.resume();
  }
}

/** More than one SSH window, so that the window is what limits. */
const roomBytes = 8 * 1024 * 1024;
