import type { AnswerOf } from '@waybill/api';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { useClient } from '../../session.tsx';
import { useTexts } from '../../preferences.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { Json } from '../../kit/Json.tsx';
import { brief } from './columns.ts';
import styles from './Story.module.css';
import { failingOf, piecesOf, type Trigger } from './why.ts';

type Explanation = AnswerOf<'POST /api/destinations/:id/explain'>;
type Mapping = Explanation['mappings'][number];

/** Every current mapping of every destination, tried on an event: whether it matches, and why not. */
export function Explained({
  event,
  destinations,
}: {
  readonly event: { readonly messageId: string };
  readonly destinations: readonly string[];
}): ReactElement {
  const t = useTexts();
  const client = useClient();
  const answers = useQueries({
    queries: destinations.map((id) => ({
      queryKey: ['explain', id, event],
      queryFn: () => client.post('/api/destinations/:id/explain', { params: { id }, body: { event } }),
    })),
  });
  return (
    <div>
      <p className={styles['quiet']}>{t('story.why.hint')}</p>
      {destinations.map((id, index) => {
        const { data, error } = answers[index]!;
        return (
          <section key={id}>
            <h3>{id}</h3>
            {error !== null && <Failure error={error} />}
            {data?.skipped !== undefined && <p>{t('story.why.excluded')}</p>}
            <ul className={styles['steps']}>
              {data?.mappings.map((one) => (
                <MappingCard key={one.mappingId} destination={id} mapping={one} messageId={event.messageId} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function MappingCard({
  destination,
  mapping,
  messageId,
}: {
  readonly destination: string;
  readonly mapping: Mapping;
  /** The initial event of the editor. */
  readonly messageId: string;
}): ReactElement {
  const t = useTexts();
  const { mappingId, name, enabled, trigger, outcome, payload } = mapping;
  const state = !trigger.holds ? 'skipped' : outcome === undefined ? 'delivered' : 'rejected';
  return (
    <li className={styles['step']}>
      <div className={styles['stepHead']}>
        <Badge state={state}>{t(trigger.holds ? 'story.why.fires' : 'story.why.not')}</Badge>
        <strong>{name}</strong>
        {!enabled && <span className={styles['quiet']}>{t('story.why.disabled')}</span>}
        <Link
          to="/destinations/$id/mappings/$mapping"
          params={{ id: destination, mapping: mappingId }}
          search={{ sample: messageId }}
        >
          {t('story.why.edit')}
        </Link>
      </div>
      <TriggerText trigger={trigger} />
      {!trigger.holds && <Because trigger={trigger} />}
      {outcome !== undefined && 'message' in outcome && (
        <p className={styles['reason']}>
          {outcome.message} {'code' in outcome && <code>{outcome.code}</code>}
        </p>
      )}
      {payload !== undefined && (
        <details>
          <summary>{t('story.why.payload')}</summary>
          <Json value={payload} />
        </details>
      )}
    </li>
  );
}

/** The trigger, with each condition marked as true or false for the event. */
export function TriggerText({ trigger }: { readonly trigger: Trigger }): ReactElement {
  return (
    <pre className={styles['trigger']}>
      {piecesOf(trigger).map((piece, index) =>
        piece.holds === undefined ? (
          piece.text
        ) : (
          <mark key={index} className={piece.holds ? styles['holds'] : styles['fails']}>
            {piece.text} {piece.holds ? '✓' : '✕'}
          </mark>
        ),
      )}
    </pre>
  );
}

/** The conditions that prevent a match, with what they read. */
export function Because({ trigger }: { readonly trigger: Trigger }): ReactElement {
  const t = useTexts();
  return (
    <ul className={styles['because']}>
      {failingOf(trigger).map((one) => (
        <li key={one.offset}>
          {t('story.why.because')} <code>{one.text}</code>
          {one.reads.map((read) => (
            <span key={read.text}>
              {' — '}
              {read.found
                ? t('story.why.read', { path: read.text, value: brief(JSON.stringify(read.value)) })
                : t('story.why.missing', { path: read.text })}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}
