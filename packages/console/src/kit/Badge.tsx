import type { ReactNode } from 'react';
import { useTexts } from '../preferences.ts';
import styles from './Badge.module.css';

/** The states of events and items; `skipped` is not an error. */
export type State = 'delivered' | 'skipped' | 'waiting' | 'rejected' | 'refused' | 'draft';

const SHAPES: Readonly<Record<State, string>> = {
  delivered: '●',
  skipped: '○',
  waiting: '◔',
  rejected: '✕',
  refused: '⊘',
  draft: '✎',
};

/** A state by word, shape and colour. */
export function Badge({
  state,
  children,
}: {
  readonly state: State;
  readonly children?: ReactNode;
}): ReactNode {
  const t = useTexts();
  return (
    <span className={`${styles['badge']} ${styles[state]}`}>
      <span aria-hidden="true">{SHAPES[state]}</span> {children ?? t(`kit.state.${state}`)}
    </span>
  );
}
