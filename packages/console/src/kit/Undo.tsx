import {
  createContext,
  type FocusEvent,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useTexts } from '../preferences.ts';
import { Button } from './Button.tsx';
import { Failure } from './Failure.tsx';
import styles from './Undo.module.css';

/** How long an action can be undone, in milliseconds. */
const OPEN = 10_000;

/** A completed action that can be undone. */
export interface Offer {
  /** What was done, in a sentence. */
  readonly text: string;
  /** Rejects when that is refused. */
  readonly takeBack: () => Promise<unknown>;
}

type State =
  | { readonly what: 'offered' | 'running'; readonly offer: Offer }
  | { readonly what: 'taken' }
  | { readonly what: 'failed'; readonly error: unknown };

const UndoContext = createContext<(offer: Offer) => void>(() => undefined);

/** Offers to undo the last action; one offer at a time. */
export function useUndo(): (offer: Offer) => void {
  return use(UndoContext);
}

/** Shows the undo offer for a while, below the page and without taking the focus. */
export function UndoProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const t = useTexts();
  const [state, setState] = useState<State>();
  const [isHeld, setHeld] = useState(false);
  const before = useRef<HTMLElement>(undefined);
  const offer = useCallback((next: Offer) => setState({ what: 'offered', offer: next }), []);
  const close = useCallback(() => {
    setState(undefined);
    setHeld(false);
    // Keyboard users continue where they were.
    if (before.current?.isConnected === true) before.current.focus();
    before.current = undefined;
  }, []);
  const takeBack = useCallback(async (taken: Offer): Promise<void> => {
    setState({ what: 'running', offer: taken });
    try {
      await taken.takeBack();
      setState({ what: 'taken' });
    } catch (error) {
      setState({ what: 'failed', error });
    }
  }, []);
  useEffect(() => {
    // Stays while it has the pointer or the focus, or shows a refusal.
    if (state === undefined || isHeld || state.what === 'running' || state.what === 'failed') return;
    const timer = setTimeout(close, OPEN);
    return () => clearTimeout(timer);
  }, [state, isHeld, close]);
  useTakeBackKey(state?.what === 'offered' ? state.offer : undefined, takeBack);
  const hold = {
    onPointerEnter: () => setHeld(true),
    onPointerLeave: () => setHeld(false),
    onFocus: ({ relatedTarget, currentTarget }: FocusEvent) => {
      if (relatedTarget instanceof HTMLElement && !currentTarget.contains(relatedTarget))
        before.current = relatedTarget;
      setHeld(true);
    },
    onBlur: () => setHeld(false),
  };
  return (
    <UndoContext value={offer}>
      {children}
      <div role="status" className={state === undefined ? styles['none'] : styles['toast']} {...hold}>
        {state?.what === 'offered' || state?.what === 'running' ? (
          <>
            <span>{state.offer.text}</span>
            <Button
              aria-disabled={state.what === 'running'}
              onClick={() => (state.what === 'offered' ? void takeBack(state.offer) : undefined)}
            >
              {t('kit.undo')}
            </Button>
          </>
        ) : null}
        {state?.what === 'taken' ? <span>{t('kit.undone')}</span> : null}
        {state?.what === 'failed' ? (
          <>
            <Failure error={state.error} />
            <Button onClick={close}>{t('kit.close')}</Button>
          </>
        ) : null}
      </div>
    </UndoContext>
  );
}

/** Ctrl Z or ⌘Z also undoes, outside of text inputs. */
function useTakeBackKey(offer: Offer | undefined, takeBack: (offer: Offer) => Promise<void>): void {
  useEffect(() => {
    if (offer === undefined) return;
    const press = (event: KeyboardEvent): void => {
      const isKey = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey);
      if (!isKey || event.shiftKey || event.altKey || event.defaultPrevented || isText(event.target)) return;
      event.preventDefault();
      void takeBack(offer);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [offer, takeBack]);
}

function isText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|submit)$/.test(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
