import type { Identity } from '@waybill/core';
import type { ReactNode } from 'react';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** The identifiers of the user at the destination, and what was left out and why. */
export function Identified({ identity }: { readonly identity: Identity }): ReactNode {
  const t = useTexts();
  const { by, email = '', userId = '', notes } = identity;
  return (
    <>
      <p>{by === 'email' ? t('try.identity.email', { email }) : t('try.identity.userId', { userId })}</p>
      {notes.length === 0 ? null : (
        <ul className={styles['notes']}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}
