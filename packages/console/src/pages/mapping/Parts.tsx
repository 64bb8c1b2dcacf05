import type { Shape } from '@waybill/api';
import type { Event } from '@waybill/core';
import { type ReactNode, useMemo } from 'react';
import { projectTypeOf, type Whole, withoutTrigger } from '../../editor/config.ts';
import { shapesOf } from '../../editor/elsewhere.ts';
import type { Judgement } from '../../editor/judge.ts';
import { Tabs } from '../../kit/Tabs.tsx';
import { useTexts } from '../../preferences.ts';
import { knownPaths } from '../../trigger/known.ts';
import { DeliveryTab } from './DeliveryTab.tsx';
import { FieldsTab } from './FieldsTab.tsx';
import { JsonTab } from './JsonTab.tsx';
import { TriggerTab } from './TriggerTab.tsx';
import type { Editing, Place } from './use-editing.ts';
import { useShown } from './use-shown.ts';

const TABS = ['trigger', 'fields', 'delivery', 'json'] as const;

interface PartsProps {
  readonly editing: Editing;
  readonly place: Place;
  readonly whole: Whole;
  readonly judgement: Judgement | undefined;
  readonly events: readonly Event[];
  /** The shapes of events. */
  readonly shapes: readonly Shape[];
  /** The place for the next value picked from the sample. */
  readonly armed: string | undefined;
  readonly onArm: (place: string | undefined) => void;
}

/** The parts of a mapping, one of which is shown, by the URL. */
export function Parts(props: PartsProps): ReactNode {
  const { editing, place, whole } = props;
  const t = useTexts();
  const shown = useShown();
  const { config, change } = editing;
  const tab = TABS.find((one) => one === shown.tab) ?? 'trigger';
  const content = {
    trigger: <TriggerPart {...props} />,
    fields: <FieldsPart {...props} />,
    delivery: <DeliveryTab config={config} whole={whole} onChange={change} />,
    json: <JsonTab config={config} name={`${place.id}/${place.mapping}`} onChange={change} />,
  };
  return (
    <Tabs
      label={t('editor.parts')}
      selected={tab}
      onSelect={(next) => shown.show({ tab: next })}
      items={TABS.map((id) => ({ id, label: t(`editor.${id}`), content: content[id] }))}
    />
  );
}

function TriggerPart({ editing, whole, judgement, events, shapes }: PartsProps): ReactNode {
  const { config, change } = editing;
  const known = useMemo(() => knownPaths(shapes), [shapes]);
  const isChanged = config.preset !== undefined && config.trigger !== undefined;
  return (
    <TriggerTab
      whole={whole}
      judgement={judgement}
      known={known}
      events={events}
      onChange={(trigger, dialect = whole.dialect) => change({ ...config, trigger, dialect })}
      onReset={isChanged ? () => change(withoutTrigger(config)) : undefined}
    />
  );
}

function FieldsPart({
  editing,
  place,
  whole,
  judgement,
  events,
  shapes,
  armed,
  onArm,
}: PartsProps): ReactNode {
  const { config, change, stored } = editing;
  const { field } = useShown();
  const matching = judgement?.matching;
  const own = useMemo(() => {
    const matched = (matching ?? []).flatMap((at) => events[at] ?? []);
    return shapesOf(shapes, matched);
  }, [shapes, events, matching]);
  return (
    <FieldsTab
      config={config}
      whole={whole}
      judgement={judgement}
      armed={armed}
      marked={field}
      shapes={own}
      account={{
        destination: place.id,
        projectType: projectTypeOf(stored.definition, stored.settings),
      }}
      onArm={onArm}
      onChange={change}
      onRunHook={editing.runHook}
    />
  );
}
