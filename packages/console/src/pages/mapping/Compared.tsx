import type { TriedEvent } from '@waybill/api';
import type { ReactNode } from 'react';
import { differencesOf } from '../../editor/differences.ts';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** What the destination receives for the sample event with the current mapping, and with the draft. */
export function Compared({ tried }: { readonly tried: TriedEvent }): ReactNode {
  const t = useTexts();
  if (tried.before === undefined) return null;
  if (tried.changed !== true) return <p>{t('try.same')}</p>;
  const fates = [tried.before, tried].map(({ matched, outcome }) => {
    if (!matched) return t('try.unmatched');
    return outcome === undefined || outcome.status === 'delivered' ? t('try.sent') : outcome.message;
  });
  const [from, to] = fates;
  const fate = from === to ? [] : [{ path: t('try.fate'), from, to }];
  const fields = differencesOf(tried.before.payload ?? {}, tried.payload ?? {});
  return (
    <dl className={styles['differences']} aria-label={t('try.compared')}>
      {[...fate, ...fields].map(({ path, from: before, to: after }) => (
        <div key={path}>
          <dt>
            <code>{path}</code>
          </dt>
          <dd>
            {before === undefined ? null : <del>{textOf(before)}</del>}
            {after === undefined ? null : <ins>{textOf(after)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
