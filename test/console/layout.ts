import type { Page } from 'playwright-core';

/** What makes a page at this width wider than the window, which would make it scroll sideways. */
export async function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const isContained = (element: Element): boolean => {
      for (let one = element.parentElement; one !== null && one !== document.body; one = one.parentElement)
        if (getComputedStyle(one).overflowX !== 'visible') return true;
      return false;
    };
    return [...document.body.querySelectorAll('*')]
      .filter((one) => one.getBoundingClientRect().right > clientWidth + 1 && !isContained(one))
      .map((one) => `${Math.round(one.getBoundingClientRect().right)} px: ${one.outerHTML.slice(0, 160)}`);
  });
}

/** Strings of the catalogue (in ⟦brackets⟧ in the longer English) that are partly clipped. */
export async function clipped(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const cut: string[] = [];
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      if (text.textContent?.includes('⟦') !== true || !text.parentElement!.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const inner = range.getBoundingClientRect();
      for (let one = text.parentElement; one !== null && one !== document.body; one = one.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(one);
        const outer = one.getBoundingClientRect();
        // Visually hidden content is for screen readers.
        if (outer.width <= 1 || /auto|scroll/.test(overflowX + overflowY)) break;
        const wide =
          overflowX !== 'visible' && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
        const high = overflowY !== 'visible' && inner.bottom > outer.bottom + 1;
        if (wide || high) cut.push(`${text.textContent} in ${one.outerHTML.slice(0, 120)}`);
      }
    }
    return cut;
  });
}
