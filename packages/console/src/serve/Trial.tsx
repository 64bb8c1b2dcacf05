import type { MappingConfig } from '@waybill/core';
import type { PageData } from '@waybill/definitions';
import { type ReactNode, useEffect, useState } from 'react';
import { labelOf, withPicked } from '../editor/picked.ts';
import { Button } from '../kit/Button.tsx';
import { Failure } from '../kit/Failure.tsx';
import { Select } from '../kit/Select.tsx';
import { TextField } from '../kit/TextField.tsx';
import styles from '../pages/mapping/Mapping.module.css';
import { EventTree } from '../pages/mapping/EventTree.tsx';
import type { SettingsDraft } from '../pages/destinations/settings.ts';
import { useTexts } from '../preferences.ts';
import { MappingParts } from './MappingParts.tsx';
import { Settings } from './Settings.tsx';
import { Tried } from './Tried.tsx';
import { type EventChoice, useEvent } from './use-event.ts';
import { firstEvent, firstMapping, type Trying, useTry } from './use-try.ts';

/** An event, a mapping to an action, and the result of them. */
export function Trial({
  shown,
  version,
  isBroken,
}: {
  readonly shown: PageData;
  readonly version: number;
  readonly isBroken: boolean;
}): ReactNode {
  const t = useTexts();
  const [chosen, setChosen] = useState<string>();
  const [edited, setEdited] = useState<MappingConfig>();
  const [settings, setSettings] = useState<SettingsDraft>({});
  const [armed, setArmed] = useState<string>();
  // Untouched values follow the files; a removed action is replaced by the first one.
  const action = shown.actions.find(({ key }) => key === chosen) ?? shown.actions[0]!;
  const config = edited?.action === action.key ? edited : firstMapping(action);
  const sample = useEvent(firstEvent(action));
  const { trigger = '', mapping = {} } = config;
  const trying = useTry({ action: action.key, trigger, mapping, event: sample.event, settings }, version);
  return (
    <div className={styles['panes']}>
      <SamplePane
        sample={sample}
        armed={armed === undefined ? undefined : labelOf(action.fields, armed, t('fields.root'))}
        onPick={(keys) => {
          setEdited(withPicked(config, config.mapping ?? {}, armed!, keys));
          setArmed(undefined);
        }}
      >
        <Settings shown={shown} draft={settings} onChange={setSettings} />
      </SamplePane>
      <section
        role="region"
        aria-label={t('serve.mapping')}
        className={`${styles['pane']} ${styles['stack']}`}
      >
        <Select
          label={t('serve.action')}
          hint={action.description}
          value={action.key}
          options={shown.actions.map(({ key, title }) => [key, title])}
          onChange={setChosen}
        />
        <MappingParts
          key={action.key}
          action={action}
          config={config}
          event={sample.event}
          armed={armed}
          onArm={setArmed}
          onChange={setEdited}
        />
      </section>
      <Result trying={trying} isBroken={isBroken || sample.event === undefined} />
    </div>
  );
}

function SamplePane({
  sample,
  armed,
  onPick,
  children,
}: {
  readonly sample: EventChoice;
  /** The label of the target of the next picked value. */
  readonly armed: string | undefined;
  readonly onPick: (keys: readonly (string | number)[]) => void;
  readonly children: ReactNode;
}): ReactNode {
  const t = useTexts();
  const { name, names, text, event } = sample;
  return (
    <section role="region" aria-label={t('editor.sample')} className={`${styles['pane']} ${styles['stack']}`}>
      <Select
        label={t('editor.sample.choose')}
        value={name}
        options={names.map((one) => [one, one])}
        onChange={sample.choose}
      />
      <TextField
        label={t('editor.sample.paste.text')}
        rows={armed === undefined ? 18 : 5}
        value={text}
        problem={event === undefined && text !== '' ? t('editor.sample.paste.broken') : undefined}
        onChange={sample.type}
      />
      {armed === undefined ? null : (
        <>
          <p role="status">{t('editor.picking', { field: armed })}</p>
          <EventTree value={event} keys={[]} isArmed onPick={onPick} />
        </>
      )}
      {children}
    </section>
  );
}

function Result({ trying, isBroken }: { readonly trying: Trying; readonly isBroken: boolean }): ReactNode {
  const t = useTexts();
  const { result, error, isBusy, run } = trying;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run(false);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [run]);
  return (
    <section role="region" aria-label={t('editor.result')} className={styles['pane']}>
      <div className={styles['bar']}>
        <Button look="primary" disabled={isBusy || isBroken} onClick={() => void run(false)}>
          {t('serve.try')}
        </Button>
        <Button disabled={isBusy || isBroken} onClick={() => void run(true)}>
          {t('serve.send')}
        </Button>
      </div>
      <p className={styles['muted']}>{t('serve.hint')}</p>
      {error === undefined ? null : <Failure error={error} />}
      {result === undefined || error !== undefined ? null : <Tried result={result} />}
    </section>
  );
}
