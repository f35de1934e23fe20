// An image by itself, as large as the window has room for.
import { button, element } from '../../dom/element.ts';

export function openImages(): void {
  for (const image of document.querySelectorAll<HTMLImageElement>('figure img:not(.stack img)')) {
    const open = button(`Enlarge ${image.alt}`, '', () => show(image));
    open.className = 'enlarge';
    image.replaceWith(open);
    open.append(image);
  }
}

function show(image: HTMLImageElement): void {
  const large = element('img', { src: image.src, alt: image.alt });
  const close = button('Close', '✕', () => dialog.close());
  const dialog = element('dialog', { class: 'image', 'aria-label': image.alt }, large, close);
  dialog.addEventListener('click', ({ target }) => {
    if (target !== large) dialog.close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
