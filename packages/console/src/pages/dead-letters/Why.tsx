import { errorEntry } from '@waybill/core';
import type { ReactNode } from 'react';
import { Copy } from '../../kit/Copy.tsx';
import { Reason, Remedy } from '../../kit/Remedy.tsx';
import styles from '../../kit/Sheet.module.css';
import { useTexts } from '../../preferences.ts';

/** Why something was rejected: code, field, message, and what to do about it. */
export function Why({
  code,
  field,
  message,
  children,
}: {
  readonly code: string;
  readonly field: string | undefined;
  readonly message: string;
  /** What it is about, before the code. */
  readonly children: ReactNode;
}): ReactNode {
  const t = useTexts();
  const remedy = errorEntry(code)?.remedy;
  return (
    <>
      <div className={styles['row']}>
        {children}
        <Copy text={code} />
        {field !== undefined && (
          <span>
            {t('dead.field')}: <code>{field}</code>
          </span>
        )}
      </div>
      <Reason code={code}>{message}</Reason>
      {remedy !== undefined && (
        <p>
          <strong>{t('kit.failure.remedy')}:</strong> <Remedy code={code}>{remedy}</Remedy>
        </p>
      )}
    </>
  );
}
