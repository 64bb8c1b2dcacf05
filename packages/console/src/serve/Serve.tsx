import type { PageData } from '@waybill/definitions';
import type { ReactNode } from 'react';
import { Failure } from '../kit/Failure.tsx';
import { Loading } from '../kit/Loading.tsx';
import { useTexts } from '../preferences.ts';
import styles from './Serve.module.css';
import { Trial } from './Trial.tsx';
import { useDestination } from './use-destination.ts';

/** A page to try a destination under development, in step with its files. */
export function Serve(): ReactNode {
  const t = useTexts();
  const { shown, version, broken, isGone } = useDestination();
  return (
    <main className={styles['page']}>
      <header className={styles['head']}>
        <h1>{shown?.name ?? t('serve.title')}</h1>
        <p>{shown?.description}</p>
        <p role="status">{isGone ? t('serve.gone') : t('serve.version', { version })}</p>
      </header>
      {broken === undefined ? null : <Failure error={new Error(broken)} />}
      <Shown shown={shown} version={version} isBroken={broken !== undefined} />
    </main>
  );
}

function Shown({
  shown,
  ...rest
}: {
  readonly shown: PageData | undefined;
  readonly version: number;
  readonly isBroken: boolean;
}): ReactNode {
  const t = useTexts();
  if (shown === undefined) return rest.isBroken ? null : <Loading />;
  if (shown.actions.length === 0) return <p>{t('serve.no.action')}</p>;
  return <Trial shown={shown} {...rest} />;
}
