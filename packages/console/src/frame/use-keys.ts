import { useEffect } from 'react';
import { usePreferences } from '../preferences.ts';

/** The handlers of keys, on every page. */
export interface Keys {
  /** Ctrl K or ⌘K. */
  readonly onGoTo: () => void;
  /** `?`. */
  readonly onHelp: () => void;
}

/** The rows for `j` and `k`: those of tables and lists. */
const ROWS = '[role=rowgroup] [role=row], tbody tr, main ul > li';
/** The focusable part of a row. */
const FIRST = 'a[href], button:not(:disabled), input:not(:disabled)';

/** Listens to the keys of every page. Single keys can be disabled, because they conflict with dictation. */
export function useKeys({ onGoTo, onHelp }: Keys): void {
  const { keys } = usePreferences();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
        event.preventDefault();
        onGoTo();
        return;
      }
      if (!keys || event.ctrlKey || event.metaKey || isBusy(event.target)) return;
      if (key === '?') onHelp();
      else if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [keys, onGoTo, onHelp]);
}

/** Whether keys belong to an input, or to a dialog or menu over the page. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector('[role=dialog]:not([hidden]), [role=menu]:not([hidden])') !== null) return true;
  if (!(target instanceof HTMLElement)) return false;
  const isSwitch = target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type);
  return (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isSwitch) || target.isContentEditable;
}

/** Moves the focus to the next or previous row; from outside of the rows to the first or last in view. */
function step(by: 1 | -1): void {
  const stops = [...document.querySelectorAll(ROWS)]
    .map((row) => ({ row, stop: row.querySelector<HTMLElement>(FIRST) }))
    .filter(({ row, stop }) => stop?.closest(ROWS) === row && stop.checkVisibility())
    // Rows of a virtual list are not in document order.
    .toSorted((one, other) => one.row.getBoundingClientRect().top - other.row.getBoundingClientRect().top);
  const at = stops.findIndex(({ row }) => row.contains(document.activeElement));
  const first = stops.findIndex(({ row }) => row.getBoundingClientRect().bottom > 0);
  const next = at === -1 ? stops[Math.max(first, 0)] : stops[at + by];
  next?.stop?.focus();
  next?.row.scrollIntoView({ block: 'nearest' });
}
