import type { Shape } from '@waybill/api';
import type { MappingConfig } from '@waybill/core';
import { type ReactNode, useMemo, useState } from 'react';
import { type Whole, withField } from '../../editor/config.ts';
import { suggest } from '../../editor/suggest.ts';
import { useFormat } from '../../format.ts';
import { Button } from '../../kit/Button.tsx';
import { Dialog } from '../../kit/Dialog.tsx';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** Suggests values for unmapped fields, for review. */
export function Suggestions({
  config,
  whole,
  shapes,
  onChange,
}: {
  readonly config: MappingConfig;
  readonly whole: Whole;
  readonly shapes: readonly Shape[];
  readonly onChange: (config: MappingConfig) => void;
}): ReactNode {
  const t = useTexts();
  const { percent } = useFormat();
  const found = useMemo(() => suggest(whole.fields, whole.values, shapes), [whole, shapes]);
  const [isOpen, setOpen] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  if (found.length === 0) return null;
  const chosen = found.filter(({ field }) => !left.has(field));
  return (
    <>
      <Button
        onClick={() => {
          setLeft(new Set());
          setOpen(true);
        }}
      >
        {t('fields.suggest', { count: found.length })}
      </Button>
      <Dialog
        title={t('fields.suggest.title')}
        open={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <Button
            look="primary"
            disabled={chosen.length === 0}
            onClick={() => {
              onChange(chosen.reduce((next, { field, value }) => withField(next, field, value), config));
              setOpen(false);
            }}
          >
            {t('fields.suggest.fill', { count: chosen.length })}
          </Button>
        }
      >
        <p>{t('fields.suggest.how')}</p>
        <ul className={styles['choices']}>
          {found.map(({ field, path, share, examples }) => (
            <li key={field}>
              <label className={styles['choice']}>
                <input
                  type="checkbox"
                  checked={!left.has(field)}
                  onChange={({ target }) => {
                    const next = new Set(left);
                    if (target.checked) next.delete(field);
                    else next.add(field);
                    setLeft(next);
                  }}
                />
                <span>
                  <strong>{whole.fields[field]?.label ?? field}</strong> <code>{path}</code>{' '}
                  <span className={styles['muted']}>
                    {t(examples.length === 0 ? 'fields.suggest.share' : 'fields.suggest.seen', {
                      share: percent(share),
                      examples: examples.map((one) => JSON.stringify(one)).join(', '),
                    })}
                  </span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
