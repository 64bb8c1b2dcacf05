import type { Event, MappingConfig } from '@waybill/core';
import { type ReactNode, useMemo, useState } from 'react';
import { wholeOf } from '../editor/config.ts';
import { useEngine } from '../editor/use-engine.ts';
import { Tabs } from '../kit/Tabs.tsx';
import { FieldsTab } from '../pages/mapping/FieldsTab.tsx';
import { JsonTab } from '../pages/mapping/JsonTab.tsx';
import { TriggerTab } from '../pages/mapping/TriggerTab.tsx';
import { useTexts } from '../preferences.ts';
import type { Action } from './use-try.ts';

const TABS = ['fields', 'trigger', 'json'] as const;

/** The mapping, with its result for the event at every keystroke. */
export function MappingParts({
  action,
  config,
  event,
  armed,
  onArm,
  onChange,
}: {
  readonly action: Action;
  readonly config: MappingConfig;
  readonly event: Event | undefined;
  /** The target of the next value picked from the event. */
  readonly armed: string | undefined;
  readonly onArm: (field: string | undefined) => void;
  readonly onChange: (config: MappingConfig) => void;
}): ReactNode {
  const t = useTexts();
  const [tab, setTab] = useState<string>(TABS[0]);
  const whole = useMemo(() => {
    const { trigger: defaultTrigger } = action;
    return wholeOf(config, { presets: [], actions: [{ ...action, defaultTrigger }] })!;
  }, [action, config]);
  const events = useMemo(() => (event === undefined ? [] : [event]), [event]);
  const question = useMemo(() => ({ ...whole, selected: 0 }), [whole]);
  const { judgement } = useEngine(question, events);
  const shared = { config, whole, judgement };
  const content = {
    fields: <FieldsTab {...shared} armed={armed} onArm={onArm} onChange={onChange} />,
    trigger: <TriggerTab {...shared} onChange={(trigger) => onChange({ ...config, trigger })} />,
    json: <JsonTab config={config} onChange={onChange} />,
  };
  return (
    <Tabs
      label={t('editor.parts')}
      selected={tab}
      onSelect={setTab}
      items={TABS.map((id) => ({ id, label: t(`editor.${id}`), content: content[id] }))}
    />
  );
}
