// Images on canvases, as many pixels as they have, and a board to draw one on.
import type { Contents } from './contents.ts';

type Shape = Contents['shape'];

/** Shows x [h, w, c], values of [-1, 1) as 0 .. 255 and the rest cut off, and says in words what it is. */
export function show(canvas: HTMLCanvasElement, x: ArrayLike<number>, shape: Shape, label: string): void {
  showPixels(
    canvas,
    Array.from(x, (value) => (value + 1) * 128),
    shape,
    label,
  );
}

/** Shows pixels 0 .. 255, [h, w, c] with c of 1 or 3. */
export function showPixels(canvas: HTMLCanvasElement, pixels: ArrayLike<number>, shape: Shape, label: string): void {
  const [height, width, channels] = shape;
  Object.assign(canvas, { width, height });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * i + channel] = pixels[i * channels + Math.min(channel, channels - 1)]!;
    }
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

/** Pixels of the pen's radius, in sizes of a pixel of 28 to a side. */
const PEN = 1.25;

/** A board that is drawn on with a pen, a finger or a mouse, or with the arrow keys and the space bar. */
export class Board {
  readonly #canvas: HTMLCanvasElement;
  readonly #shape: Shape;
  readonly #pixels: Uint8Array;
  readonly #onChange: (pixels: Uint8Array) => void;
  /** Where the pen is, in pixels of the image. */
  #pen: readonly [x: number, y: number];

  constructor(canvas: HTMLCanvasElement, shape: Shape, onChange: (pixels: Uint8Array) => void) {
    this.#canvas = canvas;
    this.#shape = shape;
    this.#pixels = new Uint8Array(shape[0] * shape[1] * shape[2]);
    this.#onChange = onChange;
    this.#pen = [shape[1] / 2, shape[0] / 2];
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#pen = this.#place(event);
      this.#stroke(this.#pen);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (event.buttons !== 0) this.#stroke(this.#place(event));
    });
    canvas.addEventListener('keydown', (event) => this.#key(event));
    this.#show();
  }

  clear(): void {
    this.#pixels.fill(0);
    this.#show();
    this.#onChange(this.#pixels);
  }

  #key(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
      ' ': [0, 0],
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const [height, width] = this.#shape;
    const place = [
      Math.min(width - 0.5, Math.max(0.5, this.#pen[0] + move[0])),
      Math.min(height - 0.5, Math.max(0.5, this.#pen[1] + move[1])),
    ] as const;
    // With Shift the pen is lifted.
    if (event.shiftKey) this.#pen = place;
    else this.#stroke(place);
    this.#show();
  }

  #place({ offsetX, offsetY }: PointerEvent): [number, number] {
    const [height, width] = this.#shape;
    return [(offsetX / this.#canvas.clientWidth) * width, (offsetY / this.#canvas.clientHeight) * height];
  }

  /** A line from where the pen was: pixels are as white as they are near to it. */
  #stroke(to: readonly [number, number]): void {
    const [height, width, channels] = this.#shape;
    const radius = (PEN * width) / 28;
    const [[x0, y0], [x1, y1]] = [this.#pen, to];
    const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
    for (let i = 0; i < width * height; i++) {
      const [x, y] = [(i % width) + 0.5, Math.floor(i / width) + 0.5];
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length));
      const distance = Math.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0));
      const white = 255 * Math.min(1, Math.max(0, radius + 0.5 - distance));
      for (let channel = 0; channel < channels; channel++) {
        const k = i * channels + channel;
        this.#pixels[k] = Math.max(this.#pixels[k]!, white);
      }
    }
    this.#pen = to;
    this.#show();
    this.#onChange(this.#pixels);
  }

  #show(): void {
    showPixels(this.#canvas, this.#pixels, this.#shape, 'Your drawing: arrow keys draw, with Shift they move the pen');
    // It is more than a picture: it takes keys.
    this.#canvas.setAttribute('role', 'application');
  }
}
