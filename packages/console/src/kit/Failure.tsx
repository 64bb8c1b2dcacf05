import { ApiError } from '@waybill/api/client';
import type { ReactNode } from 'react';
import { useTexts } from '../preferences.ts';
import { Button } from './Button.tsx';
import { Copy } from './Copy.tsx';
import styles from './Failure.module.css';
import { Reason, Remedy } from './Remedy.tsx';

/** A refused call: what happened, where, what to do, and the code. */
export function Failure({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: () => void;
}): ReactNode {
  const t = useTexts();
  const known = error instanceof ApiError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  // A single issue often repeats the message.
  const issues = (known?.issues ?? []).filter((one) => one.path !== '' || one.message !== message);
  return (
    <div role="alert" className={styles['failure']}>
      <Reason code={known?.code ?? ''} className={styles['message']}>
        {message}
      </Reason>
      {issues.length > 0 ? (
        <ul className={styles['issues']}>
          {issues.map((issue, index) => (
            <li key={index}>
              {issue.path === '' ? null : <code>{issue.path}</code>} {issue.message}
            </li>
          ))}
        </ul>
      ) : null}
      {known === undefined ? null : (
        <>
          <p className={styles['remedy']}>
            <strong>{t('kit.failure.remedy')}:</strong> <Remedy code={known.code}>{known.remedy}</Remedy>
          </p>
          <p className={styles['code']}>
            {t('kit.failure.code')}: <Copy text={known.code} />
          </p>
        </>
      )}
      {onRetry === undefined ? null : <Button onClick={onRetry}>{t('kit.failure.retry')}</Button>}
    </div>
  );
}
