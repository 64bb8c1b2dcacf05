import { type ReactNode, useMemo, useState } from 'react';
import { type Whole, wholeOf } from '../../editor/config.ts';
import type { Judgement } from '../../editor/judge.ts';
import { useEngine } from '../../editor/use-engine.ts';
import { labelOf, withPicked } from '../../editor/picked.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { useTexts } from '../../preferences.ts';
import { useShapes } from '../../trigger/use-shapes.ts';
import { Unsaved } from './Conflict.tsx';
import { DryRun } from './DryRun.tsx';
import styles from './Mapping.module.css';
import { Parts } from './Parts.tsx';
import { Result } from './Result.tsx';
import { Sample } from './Sample.tsx';
import { SendTest } from './SendTest.tsx';
import { type Editing, type Place, type Stored, useEditing } from './use-editing.ts';
import { useSamples } from './use-samples.ts';
import { useShown } from './use-shown.ts';
import { useTry } from './use-try.ts';
import { Discard, Publish, RollBack } from './Versions.tsx';

const NOWHERE: readonly string[] = [];

/** Sample, editor and result side by side: every keystroke is tried on real events by the engine that delivers them. */
export function Editor({
  place,
  stored,
  reload,
}: {
  readonly place: Place;
  readonly stored: Stored;
  readonly reload: () => Promise<void>;
}): ReactNode {
  const t = useTexts();
  const editing = useEditing(place, stored, reload);
  const { config } = editing;
  const whole = useMemo(() => wholeOf(config, stored.definition), [config, stored.definition]);
  const [armed, setArmed] = useState<string>();
  const { field: marked } = useShown();
  const shapes = useShapes();
  const samples = useSamples();
  const { events, selected } = samples;
  const question = useMemo(() => {
    if (whole === undefined) return undefined;
    const { title, fields, trigger, dialect, values } = whole;
    return { title, fields, trigger, dialect, values, selected };
  }, [whole, selected]);
  const { judgement, failure } = useEngine(question, events);
  // By default the newest matching event is shown.
  samples.prefer(judgement?.matching[0]);
  const isFor = judgement?.matching.includes(selected) === true;
  const server = useTry(place, config, samples, isFor);
  if (whole === undefined) {
    return (
      <>
        <h1>{config.name ?? config.id}</h1>
        <Empty title={t('editor.gone')}>{t('editor.gone.how')}</Empty>
      </>
    );
  }
  return (
    <>
      <Bar editing={editing} place={place} whole={whole} judgement={judgement} />
      <div className={styles['panes']}>
        <Sample
          samples={samples}
          armed={armed === undefined ? undefined : labelOf(whole.fields, armed, t('fields.root'))}
          shapes={shapes}
          marked={(marked === undefined ? undefined : judgement?.sources[marked]) ?? NOWHERE}
          onPick={(keys) => {
            if (armed === undefined) return;
            editing.change(withPicked(config, whole.values, armed, keys));
            setArmed(undefined);
          }}
        />
        <div className={styles['pane']}>
          <Parts {...{ editing, place, whole, judgement, events, shapes, armed }} onArm={setArmed} />
        </div>
        <Result
          judgement={judgement}
          failure={failure}
          hasEvent={events.length > 0}
          server={server}
          send={<SendTest place={place} config={config} samples={samples} server={server} />}
        >
          <DryRun place={place} config={config} onOpen={samples.open} />
        </Result>
      </div>
    </>
  );
}

function Bar({
  editing,
  place,
  whole,
  judgement,
}: {
  readonly editing: Editing;
  readonly place: Place;
  readonly whole: Whole;
  readonly judgement: Judgement | undefined;
}): ReactNode {
  const t = useTexts();
  const { state, issues, stored } = editing;
  const reason =
    judgement?.broken !== undefined
      ? t('editor.publish.broken')
      : issues.length > 0
        ? t('editor.publish.issues', { count: issues.length })
        : undefined;
  return (
    <>
      <h1>{whole.name}</h1>
      <div className={styles['bar']}>
        <span role="status">
          {state === 'same' ? t('editor.same') : null}
          {state === 'saving' ? t('editor.saving') : null}
          {state === 'saved' ? <Badge state="draft">{t('editor.saved')}</Badge> : null}
        </span>
        {stored.version === undefined ? null : (
          <span className={styles['muted']}>{t('editor.version', { version: stored.version })}</span>
        )}
        {reason === undefined ? null : <span className={styles['problem']}>{reason}</span>}
        <span className={styles['actions']}>
          {state === 'same' ? null : <Discard editing={editing} name={whole.name} />}
          <RollBack editing={editing} place={place} />
          <Publish editing={editing} place={place} reason={reason} />
        </span>
      </div>
      <Unsaved editing={editing} place={place} />
      {issues.length === 0 ? null : (
        <ul className={styles['plain']}>
          {issues.map(({ code, path, message }) => (
            <li key={`${code} ${path}`} className={styles['problem']}>
              {message.split('\n', 1)[0]} <code>{code}</code>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
