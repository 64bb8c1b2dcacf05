import { Dialog as Base, DialogDismiss, DialogHeading } from '@ariakit/react';
import type { ReactNode } from 'react';
import { useTexts } from '../preferences.ts';
import { Button } from './Button.tsx';
import styles from './Dialog.module.css';

/** A dialog over the page; Escape and the cancel button close it. */
export function Dialog({
  title,
  open,
  onClose,
  children,
  actions,
  dismiss,
  wide = false,
}: {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons next to the cancel button. */
  readonly actions?: ReactNode;
  /** The label of the close button; "Cancel" when absent. */
  readonly dismiss?: string;
  /** For reading rather than input. */
  readonly wide?: boolean;
}): ReactNode {
  const t = useTexts();
  return (
    <Base
      open={open}
      onClose={onClose}
      className={`${styles['dialog']} ${wide ? styles['wide'] : ''}`}
      backdrop={<div className={styles['backdrop']} />}
    >
      <DialogHeading className={styles['heading']}>{title}</DialogHeading>
      <div className={styles['body']}>{children}</div>
      <div className={styles['actions']}>
        <DialogDismiss render={<Button />}>{dismiss ?? t('kit.cancel')}</DialogDismiss>
        {actions}
      </div>
    </Base>
  );
}
