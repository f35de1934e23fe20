// A run served to browsers of this machine, over loopback alone: a page, and server-sent events that keep it as the run is.
// It never waits for a browser: one that reads slowly is told less often, one that reads nothing is left.
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Emit, RunEvent } from '../runner/event.ts';
import { systemClock } from '../runner/process/clock.ts';
import { type Address, keepAddress, lastAddress, newAddress } from './address.ts';
import { LiveClient } from './client.ts';
import { livePage, livePolicy } from './page.ts';
import { LiveState, type Outcome } from './state.ts';

const loopback = '127.0.0.1';
/** Between two messages at least, and between two looks for browsers that are gone. */
const pauseMilliseconds = 200;
const beatMilliseconds = 15_000;
/** That browsers have at the end to ask for the report. */
const patienceMilliseconds = 3000;
/** A browser opens six connections at most; what asks for more is none. */
const mostConnections = 64;

interface Options {
  /** Where its address is kept. */
  readonly root: string;
  /** Whether other runs follow. */
  readonly isWatching: boolean;
}

/** Makes the text of the report of a run that is over. */
export type MakeReport = () => Promise<string>;

export class LiveServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #root: string;
  readonly #state: LiveState;
  readonly #clients = new Set<LiveClient>();
  /** Tells versions of this process from those of another at the same address. */
  readonly #instance = newAddress().token;
  readonly #beat: NodeJS.Timeout;
  #address: Address;
  #waiting: NodeJS.Timeout | null = null;
  #report: Promise<string> | null = null;
  #makeReport: MakeReport | null = null;
  #reports = 0;
  #whenAsked: () => void = () => {};

  private constructor({ root, isWatching }: Options) {
    this.#root = root;
    this.#address = lastAddress(root);
    this.#state = new LiveState(systemClock, isWatching);
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.maxConnections = mostConnections;
    this.#beat = setInterval(() => this.#lookAfter(), beatMilliseconds).unref();
  }

  /** At the address of the last time, where that is free: a page that is still open goes on. */
  static async open(options: Options): Promise<LiveServer> {
    const made = new LiveServer(options);
    try {
      await made.#listen();
    } catch {
      // Whoever has the port now may have been told the token by a page that looked for the run.
      made.#address = newAddress();
      await made.#listen();
    }
    return made;
  }

  get url(): string {
    return `http://${loopback}:${this.#address.port}/${this.#address.token}/`;
  }

  add(event: RunEvent): void {
    // By now the project has a place for it.
    if (event.kind === 'run-started') {
      keepAddress(this.#root, this.#address);
      this.#report = this.#makeReport = null;
    }
    this.#state.add(event);
    this.#waiting ??= setTimeout(this.#tell, pauseMilliseconds).unref();
  }

  /** The run is over, or could not begin. Pages that are open are told at once. @param makeReport Called when one asks */
  end(outcome: Omit<Outcome, 'report'>, makeReport: MakeReport | null = null): void {
    this.#report = null;
    this.#makeReport = makeReport;
    this.#reports = 0;
    const report = makeReport === null ? null : `report?${this.#instance}.${this.#state.version}`;
    this.#state.end({ ...outcome, report });
    this.#tell();
  }

  /** What emits as another does, and shows it here too. */
  besides(emit: Emit): Emit {
    return (event) => {
      emit(event);
      this.add(event);
    };
  }

  /** Resolves once every page that is open has the report, or is gone, or it is aborted; none is waited for for long. */
  async handedOver(signal: AbortSignal): Promise<void> {
    if (this.#makeReport === null) return;
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)]);
    timeout.addEventListener('abort', () => this.#whenAsked());
    while (this.#reports < this.#clients.size && !timeout.aborted) {
      await new Promise<void>((resolve) => (this.#whenAsked = resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beat);
    if (this.#waiting) clearTimeout(this.#waiting);
    const closed = once(this.#server, 'close');
    this.#server.close();
    // What has been written is with the kernel before the connection ends.
    for (const client of this.#clients) client.end();
    setImmediate(() => this.#server.closeAllConnections());
    await closed;
  }

  async #listen(): Promise<void> {
    const { port, token } = this.#address;
    this.#server.listen(port, loopback);
    await once(this.#server, 'listening');
    // The run goes on, whatever befalls a connection.
    this.#server.on('error', () => {});
    this.#address = { port: (this.#server.address() as AddressInfo).port, token };
  }

  readonly #tell = (): void => {
    if (this.#waiting) clearTimeout(this.#waiting);
    this.#waiting = null;
    for (const client of this.#clients) client.tell(this.#state);
  };

  #lookAfter(): void {
    for (const client of this.#clients) client.beat();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {});
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const [path = ''] = (request.url ?? '').split('?');
    const [, token = '', what] = /^\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
    // A name that leads to this machine by somebody else's DNS makes a page from elsewhere the same origin as this one.
    if (!isLoopback(request.headers.host)) return refuse(response, 403, 'This address is served on loopback alone.');
    if (!isSame(token, this.#address.token)) return refuse(response, 403, 'The address lacks its token.');
    if (request.method !== 'GET') return refuse(response, 405, 'It can only be read.', { Allow: 'GET' });
    if (what === undefined) return refuse(response, 308, 'It is a folder.', { Location: `/${token}/` });
    if (what === '') return send(response, 'text/html; charset=utf-8', livePage);
    if (what === 'events') return this.#follow(request, response);
    if (what === 'report' && this.#makeReport) return void this.#sendReport(response, this.#makeReport);
    return refuse(response, 404, 'There is nothing here.');
  }

  #follow(request: IncomingMessage, response: ServerResponse): void {
    const client = new LiveClient(response, this.#instance, request.headers['last-event-id']);
    this.#clients.add(client);
    response.on('close', () => {
      this.#clients.delete(client);
      this.#whenAsked();
    });
    client.tell(this.#state);
  }

  async #sendReport(response: ServerResponse, make: MakeReport): Promise<void> {
    response.on('close', () => {
      this.#reports += 1;
      this.#whenAsked();
    });
    try {
      this.#report ??= make();
      send(response, 'text/html; charset=utf-8', await this.#report);
    } catch (error) {
      refuse(response, 500, `The report cannot be made: ${(error as Error).message}`);
    }
  }
}

const headers = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': livePolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'Content-Type': type });
  response.end(body);
}

function refuse(response: ServerResponse, status: number, message: string, more: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...more });
  response.end(`${message}\n`);
}

/** Any port: one that ssh forwards has another number. */
function isLoopback(host = ''): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

/** In a time that tells nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(first!, second!);
}
