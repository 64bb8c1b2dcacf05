import type { ReactNode } from 'react';
import { Badge } from '../../kit/Badge.tsx';
import { useTexts } from '../../preferences.ts';
import sheet from '../../kit/Sheet.module.css';
import styles from './Start.module.css';

/** One step of a first run, with whether it is done and what there is to do. */
export function Step({
  title,
  done,
  children,
}: {
  readonly title: string;
  readonly done: boolean;
  readonly children: ReactNode;
}): ReactNode {
  const t = useTexts();
  return (
    <li className={sheet['card']}>
      <div className={styles['head']}>
        <h2>{title}</h2>
        <Badge state={done ? 'delivered' : 'waiting'}>{t(done ? 'start.done' : 'start.open')}</Badge>
      </div>
      <div className={sheet['stack']}>{children}</div>
    </li>
  );
}
