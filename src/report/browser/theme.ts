// Light or dark: the reader's system says, until the reader does.
import { element } from './element.ts';

const themes = ['light dark', 'light', 'dark'];
const names = ['◐ auto', '○ light', '● dark'];

export function offerThemes(): void {
  let chosen = 0;
  const show = () => {
    document.documentElement.style.colorScheme = themes[chosen]!;
    choose.textContent = names[chosen]!;
  };
  const choose = element('button', { type: 'button', class: 'theme', title: 'Light or dark' }, names[0]!);
  choose.addEventListener('click', () => {
    chosen = (chosen + 1) % themes.length;
    show();
  });
  document.querySelector('.contents')!.append(choose);
}
