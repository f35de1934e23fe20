// What a served run tells a browser, read by Node's own client.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { LiveMessage } from '../../src/live/message.ts';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The head of an answer, with its body as a stream. */
export async function ask(address: string, { method = 'GET', headers = {} }: Asked = {}): Promise<IncomingMessage> {
  const asked = request(address, { method, headers, agent: false });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

export async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of answer.setEncoding('utf8')) text += part as string;
  return text;
}

export interface Told {
  readonly id: string;
  readonly message: LiveMessage;
}

/** The events of a run, as they come. */
export class Follower {
  readonly #answer: IncomingMessage;
  readonly #events: AsyncGenerator<Told>;

  private constructor(answer: IncomingMessage) {
    this.#answer = answer;
    this.#events = eventsOf(answer);
  }

  static async follow(address: string, lastId?: string): Promise<Follower> {
    const headers = lastId === undefined ? {} : { 'last-event-id': lastId };
    return new Follower(await ask(`${address}events`, { headers }));
  }

  /** The first message that is as a test awaits it; the line must not end before. */
  async until(isAwaited: (message: LiveMessage) => boolean): Promise<Told> {
    for (;;) {
      const { value, done } = await this.#events.next();
      if (done) throw new Error('The line has ended');
      if (isAwaited(value.message)) return value;
    }
  }

  /** Reads to the end of the line. */
  async rest(): Promise<Told[]> {
    const all: Told[] = [];
    for await (const told of this.#events) all.push(told);
    return all;
  }

  leave(): void {
    this.#answer.destroy();
  }
}

async function* eventsOf(answer: IncomingMessage): AsyncGenerator<Told> {
  let text = '';
  for await (const part of answer.setEncoding('utf8')) {
    text += part as string;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      text = text.slice(end + 2);
      if (data !== undefined) yield { id: id!, message: JSON.parse(data) as LiveMessage };
    }
  }
}
