import type { Issue } from '@waybill/core';
import type { ReactNode } from 'react';
import type { Translate } from '../../i18n/translate.ts';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** The result of a value for the sample event. */
export function Gives({ value }: { readonly value: unknown }): ReactNode {
  const t = useTexts();
  return (
    <p className={styles['gives']}>
      {t('editor.gives')} <code>{shortText(value, t)}</code>
    </p>
  );
}

/** The problems of a value, with codes. */
export function Issues({ issues }: { readonly issues: readonly Issue[] }): ReactNode {
  return issues.map(({ code, path, message }) => (
    <p key={`${code} ${path} ${message}`} className={styles['problem']}>
      {message} <code>{code}</code>
    </p>
  ));
}

/** A conversion for the sample event: by a directive or validation. */
export function Turned({ from, to }: { readonly from: unknown; readonly to: unknown }): ReactNode {
  const t = useTexts();
  return (
    <p className={styles['turned']} aria-label={t('fields.turned')} role="note">
      <code>{shortText(from, t)}</code> <span aria-hidden="true">→</span>
      <span className={styles['spoken']}>{t('fields.turned.to')}</span> <code>{shortText(to, t)}</code>
    </p>
  );
}

/** Formats a value in one short line. */
export function shortText(value: unknown, t: Translate): string {
  const text = JSON.stringify(value) ?? t('editor.gives.nothing');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
