import type { Locator, Page } from 'playwright-core';

/** A person who only has a keyboard. */
export interface Keyboard {
  /** Goes to something with Tab, and among tabs with the arrows. */
  focus(target: Locator): Promise<void>;
  /** Focuses an element and presses a key on it; Enter by default. */
  press(target: Locator, key?: string): Promise<void>;
  /** Focuses a field and replaces its content. A long text is pasted. */
  write(box: Locator, text: string): Promise<void>;
  /** Goes to a list of choices and takes one by the letters it begins with, or by the arrows. */
  choose(list: Locator, choice: string): Promise<void>;
  /** Goes to a page, source, destination or mapping by name. */
  goTo(typed: string, option: string): Promise<void>;
}

/** Steps after which something cannot be reached: no page has as many places for the focus. */
const MOST = 600;

/** Works a page by its keyboard. */
export function keyboardOf(page: Page): Keyboard {
  const { keyboard } = page;
  const focus = async (target: Locator): Promise<void> => {
    await target.waitFor();
    for (let pressed = 0; pressed < MOST;) {
      const { key, times } = await target.evaluate(wayTo);
      if (times === 0) return;
      for (let time = 0; time < times; time += 1) await keyboard.press(key);
      pressed += times;
    }
    throw new Error(`No key leads to ${String(target)}.`);
  };
  const press = async (target: Locator, key = 'Enter'): Promise<void> => {
    await focus(target);
    await keyboard.press(key);
  };
  const write = async (box: Locator, text: string): Promise<void> => {
    await press(box, 'Control+a');
    if (text === '') await keyboard.press('Delete');
    else if (text.length > 60 || text.includes('\n')) await keyboard.insertText(text);
    else await keyboard.type(text);
  };
  const choose = async (list: Locator, choice: string): Promise<void> => {
    await focus(list);
    const away = (): Promise<number> =>
      list.evaluate((select, wanted) => {
        const { options, selectedIndex } = select as HTMLSelectElement;
        const at = [...options].findIndex(({ label, value }) => label === wanted || value === wanted);
        if (at < 0) throw new Error(`There is no choice ${wanted}.`);
        return at - selectedIndex;
      }, choice);
    for (const letter of choice.replace(/ .*/, '')) {
      if ((await away()) === 0) return;
      await keyboard.press(letter);
    }
    for (let left = await away(); left !== 0; left = await away()) {
      await keyboard.press(left > 0 ? 'ArrowDown' : 'ArrowUp');
    }
  };
  const goTo = async (typed: string, option: string): Promise<void> => {
    await keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Page, source, destination, mapping or event' }).waitFor();
    await keyboard.type(typed);
    await page.getByRole('option', { name: option, exact: true }).waitFor();
    await keyboard.press('Enter');
  };
  return { focus, press, write, choose, goTo };
}

/** Returns the key that leads to an element, and an estimate of the presses needed. Runs in the page. */
function wayTo(element: Element): { readonly key: string; readonly times: number } {
  const at = document.activeElement ?? document.body;
  // Among tabs only the chosen one takes the focus by Tab.
  const tabs = element.closest('[role=tablist]');
  const goal = tabs === null || tabs.contains(at) ? element : tabs;
  if (at === element) return { key: '', times: 0 };
  const isAfter = (at.compareDocumentPosition(goal) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  if (tabs !== null && goal === element) return { key: isAfter ? 'ArrowRight' : 'ArrowLeft', times: 1 };
  const stops = document.querySelectorAll<HTMLElement>(
    'a[href], button, input, select, textarea, summary, [tabindex]',
  );
  const between = [...stops].filter((one) => {
    const isBetween = (from: Node, to: Node): boolean =>
      (from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 &&
      (one.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    const takesFocus = one.tabIndex >= 0 && !one.matches(':disabled, [inert] *') && one.checkVisibility();
    return takesFocus && (isAfter ? isBetween(at, goal) : isBetween(goal, at));
  });
  return { key: isAfter ? 'Tab' : 'Shift+Tab', times: Math.max(1, between.length) };
}
