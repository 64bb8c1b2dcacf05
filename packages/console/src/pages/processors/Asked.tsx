import type { AnswerOf } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from '../../kit/Failure.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import type { SettingsDraft } from '../destinations/settings.ts';
import { SettingsForm } from '../destinations/SettingsForm.tsx';
import fields from '../../kit/Field.module.css';
import sheet from '../../kit/Sheet.module.css';
import styles from './Processor.module.css';

/** The edited settings of a processor. */
export interface Draft {
  readonly settings: SettingsDraft;
  /** IDs of the sources and processors whose events it receives; every source when absent. */
  readonly sources?: readonly string[];
}

/** A type of processor. */
export type ProcessorType = AnswerOf<'GET /api/processor-types'>[number];

/** The form for the settings of a processor, and its inputs: sources, and processors before it. */
export function Asked({
  type,
  before,
  draft,
  onChange,
}: {
  readonly type: ProcessorType;
  /** IDs of the processors before it. */
  readonly before: readonly string[];
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const sources = useQuery({ queryKey: ['sources'], queryFn: () => client.get('/api/sources') });
  const { sources: chosen = [] } = draft;
  const ids = [...(sources.data ?? []).map(({ id }) => id), ...before];
  const choose = (id: string, isOn: boolean): void => {
    const next = ids.filter((one) => (one === id ? isOn : chosen.includes(one)));
    const { sources: _before, ...rest } = draft;
    onChange(next.length === 0 ? rest : { ...rest, sources: next });
  };
  return (
    <>
      <div className={`${sheet['stack']} ${styles['about']}`}>
        <p>{type.description}</p>
        <p className={sheet['row']}>
          {t('processors.derives')}
          {Object.keys(type.events).map((name) => (
            <code key={name} className={sheet['chip']}>
              {name}
            </code>
          ))}
        </p>
      </div>
      <SettingsForm
        key={type.slug}
        fields={type.settings}
        draft={draft.settings}
        onChange={(settings) => onChange({ ...draft, settings })}
      />
      <fieldset className={styles['sources']}>
        <legend>{t('processors.sources')}</legend>
        <p className={fields['hint']}>{t('processors.sources.hint')}</p>
        {ids.map((id) => (
          <Switch key={id} label={id} checked={chosen.includes(id)} onChange={(on) => choose(id, on)} />
        ))}
      </fieldset>
      {sources.isError ? <Failure error={sources.error} /> : null}
    </>
  );
}
