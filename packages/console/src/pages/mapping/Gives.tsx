import type { Issue } from '@waybill/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** What a value is for the sample event. */
export function Gives({ value }: { readonly value: unknown }): ReactNode {
  const t = useTexts();
  return (
    <p className={styles['gives']}>
      {t('editor.gives')}{' '}
      <code>{value === undefined ? t('editor.gives.nothing') : short(JSON.stringify(value))}</code>
    </p>
  );
}

/** What is wrong with a value, each with its code. */
export function Issues({ issues }: { readonly issues: readonly Issue[] }): ReactNode {
  return issues.map(({ code, path, message }) => (
    <p key={`${code} ${path} ${message}`} className={styles['problem']}>
      {message} <code>{code}</code>
    </p>
  ));
}

function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
