import type { ReactNode } from 'react';
import styles from './Empty.module.css';

/** An empty state: why there is nothing to see, with the next step as its children. */
export function Empty({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <div className={styles['empty']}>
      <p className={styles['title']}>{title}</p>
      {children}
    </div>
  );
}
