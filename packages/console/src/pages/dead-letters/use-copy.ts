import { objectOf } from '../../editor/object.ts';
import { useState } from 'react';
import type { Store } from '../../editor/kept.ts';

const PREFIX = 'waybill.unsaved.dead-letter.';

/** A copy of an event that is being corrected. */
export interface Copy {
  readonly text: string;
  /** The parsed event, or undefined while it is invalid. */
  readonly event: Readonly<Record<string, unknown>> | undefined;
  readonly isChanged: boolean;
  /** Sets the text; undefined restores the event. */
  set(text: string | undefined): void;
}

/**
 * The copy of the event of a dead letter. Changes survive a reload of the tab, until it is replayed or reset, or the user signs out.
 */
export function useCopy(id: string, event: object, store: Store = sessionStorage): Copy {
  const original = JSON.stringify(event, null, 2);
  const [text, setText] = useState(() => keptText(store, id) ?? original);
  return {
    text,
    event: objectOf(text),
    isChanged: text !== original,
    set(next = original) {
      setText(next);
      try {
        if (next === original) store.removeItem(PREFIX + id);
        else store.setItem(PREFIX + id, next);
      } catch {
        // Without storage.
      }
    },
  };
}

function keptText(store: Store, id: string): string | null {
  try {
    return store.getItem(PREFIX + id);
  } catch {
    return null;
  }
}
