// Bytes on their way, counted: how many have moved, and how many will have, as far as it is known.

export interface Progress {
  /** Objects that are there. */
  readonly done: number;
  readonly objects: number;
  /** That have moved. */
  readonly bytes: number;
  /** Of all objects; it grows while more of them become known. */
  readonly totalBytes: number;
}

export class Meter {
  #done = 0;
  #objects = 0;
  #bytes = 0;
  #totalBytes = 0;
  readonly #onProgress: (progress: Progress) => void;

  constructor(onProgress: (progress: Progress) => void = () => {}) {
    this.#onProgress = onProgress;
  }

  get progress(): Progress {
    const totalBytes = Math.max(this.#bytes, this.#totalBytes);
    return { done: this.#done, objects: this.#objects, bytes: this.#bytes, totalBytes };
  }

  /** @param bytes 0 where the size is not known */
  expect(objects: number, bytes: number): void {
    this.#objects += objects;
    this.#totalBytes += bytes;
    this.#onProgress(this.progress);
  }

  readonly moved = (bytes: number): void => {
    this.#bytes += bytes;
    this.#onProgress(this.progress);
  };

  arrived(): void {
    this.#done += 1;
    this.#onProgress(this.progress);
  }
}
