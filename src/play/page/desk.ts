// What all parts of the page share: what it carries, the model, whose turns are taken one by one, and the image that is looked at.
import { dequantize } from '../../diffusion/likelihood.ts';
import { decodeContents, files, type Contents } from './contents.ts';
import { Network, type Engine } from './network.ts';
import { readFileSync } from './node/fs.ts';

/** An image to be looked at: as the model sees it, [h, w, c]. */
export interface Chosen {
  readonly x: Float32Array;
  /** In the words of a sentence. */
  readonly name: string;
  /** What it is of, where that is known. */
  readonly label?: number | undefined;
  /** Its log p_0 and log p_1 by the stage, nats, of a test image. */
  readonly known?: { readonly clean: number; readonly first: number };
}

export class Desk {
  readonly contents: Contents;
  /** Bits/dim of all test images, by the stage. */
  readonly testBits: Float64Array;
  #network: Network;
  #last: Promise<unknown> = Promise.resolve();
  #chosen: Chosen | undefined;
  readonly #listeners: ((chosen: Chosen) => void)[] = [];

  private constructor(contents: Contents, network: Network) {
    this.contents = contents;
    this.#network = network;
    this.testBits = Float64Array.from(contents.logDensities, (value) => network.bits(value));
  }

  static async open(engine: Engine): Promise<Desk> {
    return new Desk(decodeContents(readFileSync(files.contents)), await Network.open(engine));
  }

  /** For what does not compute. */
  get network(): Network {
    return this.#network;
  }

  /** How many test images it carries. */
  get carried(): number {
    return this.contents.pixels.length / this.#network.dim;
  }

  /** Computes when what was asked for before is done: a program runs once at a time. */
  ask<T>(work: (network: Network) => Promise<T>): Promise<T> {
    const result = this.#last.then(() => work(this.#network));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Computes with another engine from here on. What is being drawn is drawn to its end with the one before. */
  async use(engine: Engine): Promise<void> {
    this.#network = await Network.open(engine);
  }

  /** One of the test images, dequantized as the stage did. */
  testImage(index: number): Chosen {
    const { pixels, stream, labels, logDensities, logDensitiesFirst } = this.contents;
    const { dim } = this.#network;
    return {
      x: dequantize(pixels.subarray(index * dim, (index + 1) * dim), stream, index * dim),
      name: `Test image ${index}`,
      label: labels?.[index],
      known: { clean: logDensities[index]!, first: logDensitiesFirst[index]! },
    };
  }

  choose(chosen: Chosen): void {
    this.#chosen = chosen;
    for (const listen of this.#listeners) listen(chosen);
  }

  get chosen(): Chosen | undefined {
    return this.#chosen;
  }

  onChoice(listen: (chosen: Chosen) => void): void {
    this.#listeners.push(listen);
  }
}

/** Does work for the latest call alone: while it goes on, calls wait, and but for the last they are left out. */
export function latest(work: () => Promise<void>): () => void {
  let state: 'idle' | 'working' | 'asked again' = 'idle';
  const start = async (): Promise<void> => {
    do {
      state = 'working';
      await work();
    } while ((state as string) === 'asked again');
    state = 'idle';
  };
  return () => {
    if (state === 'idle') void start();
    else state = 'asked again';
  };
}
