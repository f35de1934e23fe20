// Two images over each other, with a slider between them: how much of the one is seen, and how much of the other.
import { element } from '../../dom/element.ts';

export function openSliders(): void {
  for (const beside of document.querySelectorAll<HTMLElement>('.beside')) {
    const sides = [...beside.querySelectorAll<HTMLElement>('.side')].flatMap((side): Side[] => {
      const image = side.querySelector('img');
      return image === null ? [] : [{ label: side.querySelector('.run')!.textContent.trim(), image }];
    });
    if (sides.length > 1) beside.after(sliderOf(sides));
  }
}

interface Side {
  readonly label: string;
  readonly image: HTMLImageElement;
}

function sliderOf(sides: readonly Side[]): HTMLElement {
  const [left, right] = [element('img', { alt: '' }), element('img', { alt: '', class: 'over' })];
  const range = element('input', { type: 'range', min: '0', max: '100', value: '50' });
  const stack = element('div', { class: 'stack' }, left, right, element('div', { class: 'edge' }));
  const chosen: [number, number] = [0, 1];
  const slide = () => {
    stack.style.setProperty('--share', `${range.value}%`);
    range.setAttribute('aria-valuetext', `${range.value}% ${sides[chosen[0]]!.label}`);
  };
  const show = () => {
    for (const [place, image] of [left, right].entries()) image.src = sides[chosen[place]!]!.image.src;
    const { image } = sides[chosen[0]]!;
    // Of the attributes: an image that is not loaded yet has no size of its own.
    stack.style.aspectRatio = `${image.getAttribute('width')} / ${image.getAttribute('height')}`;
    range.setAttribute('aria-label', `${sides[chosen[0]]!.label} on the left, ${sides[chosen[1]]!.label} on the right`);
    slide();
  };
  range.addEventListener('input', slide);
  stack.addEventListener('pointermove', (event) => {
    if (event.pointerType !== 'touch' && event.buttons === 1) follow(event);
  });
  stack.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    follow(event);
  });
  const follow = ({ clientX }: PointerEvent) => {
    const { left: start, width } = stack.getBoundingClientRect();
    range.value = String((100 * (clientX - start)) / width);
    slide();
  };
  const names = [0, 1].map((place) =>
    sides.length === 2
      ? element('span', {}, sides[place]!.label)
      : choice(sides, place === 0 ? 'On the left' : 'On the right', chosen[place as 0 | 1], (side) => {
          chosen[place as 0 | 1] = side;
          show();
        }),
  );
  show();
  return element('div', { class: 'slider' }, element('div', { class: 'ends' }, ...names), stack, range);
}

function choice(
  sides: readonly Side[],
  label: string,
  chosen: number,
  onChange: (side: number) => void,
): HTMLSelectElement {
  const options = sides.map((side, index) => element('option', { value: String(index) }, side.label));
  const select = element('select', { 'aria-label': label }, ...options);
  select.selectedIndex = chosen;
  select.addEventListener('change', () => onChange(select.selectedIndex));
  return select;
}
