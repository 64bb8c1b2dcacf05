import type { ReactNode } from 'react';
import { Failure } from '../kit/Failure.tsx';
import { Loading } from '../kit/Loading.tsx';
import { useTexts } from '../preferences.ts';
import styles from './Serve.module.css';
import { Trial } from './Trial.tsx';
import { useDestination } from './use-destination.ts';

/** The page to try a destination under development, updated with its files. */
export function Serve(): ReactNode {
  const t = useTexts();
  const { shown, version, broken, isGone } = useDestination();
  const isBroken = broken !== undefined;
  return (
    <main className={styles['page']}>
      <header className={styles['head']}>
        <h1>{shown?.name ?? t('serve.title')}</h1>
        <p>{shown?.description}</p>
        <p role="status">{isGone === true ? t('serve.gone') : t('serve.version', { version })}</p>
      </header>
      {isBroken ? <Failure error={new Error(broken)} /> : null}
      {shown === undefined && !isBroken ? <Loading /> : null}
      {shown?.actions.length === 0 ? <p>{t('serve.no.action')}</p> : null}
      {shown?.actions[0] === undefined ? null : <Trial {...{ shown, version, isBroken }} />}
    </main>
  );
}
