// Light or dark: the reader's system says, until the reader does.
import { element } from '../../dom/element.ts';

const themes = ['light dark', 'light', 'dark'];
const names = ['◐ auto', '○ light', '● dark'];

let chosen = 0;

export function offerThemes(): void {
  const show = () => {
    document.documentElement.style.colorScheme = themes[chosen]!;
    choose.textContent = names[chosen]!;
  };
  const choose = element('button', { type: 'button', class: 'theme', title: 'Light or dark' }, names[chosen]!);
  choose.addEventListener('click', () => {
    chosen = (chosen + 1) % themes.length;
    show();
  });
  document.querySelector('.contents')!.append(choose);
}
