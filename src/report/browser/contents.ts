// The contents show where the reader is.

/** @param signal Its abort ends it */
export function followContents(signal?: AbortSignal): void {
  const links = new Map<string, HTMLAnchorElement>();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.contents a')) links.set(link.hash.slice(1), link);
  const sections = [...links.keys()].flatMap((id) => document.getElementById(id) ?? []);
  let pending = false;
  const mark = () => {
    pending = false;
    // The last that begins in the upper quarter of the window; at the end of the page, which cannot rise further, in all of it.
    const below = document.documentElement.scrollHeight - innerHeight - scrollY;
    const line = innerHeight * (1 - 0.75 * Math.min(1, below / innerHeight));
    let current = sections[0];
    for (const section of sections) if (section.getBoundingClientRect().top <= line) current = section;
    for (const [id, link] of links) {
      const isCurrent = id === current?.id;
      if (isCurrent) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
      link.closest('.contents > ul > li')?.classList.toggle('current', false);
    }
    const link = links.get(current?.id ?? '');
    link?.closest('.contents > ul > li')?.classList.add('current');
  };
  const follow = () => {
    if (!pending) requestAnimationFrame(mark);
    pending = true;
  };
  const until = signal === undefined ? {} : { signal };
  addEventListener('scroll', follow, { passive: true, ...until });
  addEventListener('resize', follow, until);
  mark();
}
