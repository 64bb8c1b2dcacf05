import type { Definition } from '@waybill/api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { wholeOf } from '../../editor/config.ts';
import type { Totals } from '../../editor/judge.ts';
import { tryAll } from '../../editor/use-engine.ts';
import { Badge } from '../../kit/Badge.tsx';
import { Button } from '../../kit/Button.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Failure } from '../../kit/Failure.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from './Mappings.module.css';
import { fromPreset } from './new-mapping.ts';
import { writtenMappings } from './use-mappings.ts';

/** The number of events that presets are tried on. */
const EVENTS = 500;

/** The presets of a product, with their matches among the newest events; matching ones first. */
export function PresetCards({
  destination,
  definition,
  onChoose,
}: {
  readonly destination: string;
  readonly definition: Definition;
  readonly onChoose: (slug: string) => void;
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const { presets } = definition;
  const tried = useQuery({
    queryKey: ['presets', destination],
    gcTime: 0,
    queryFn: async () => {
      const [{ events }, written] = await Promise.all([
        client.get('/api/events', { query: { limit: EVENTS } }),
        writtenMappings(client, destination),
      ]);
      const wholes = presets.flatMap(({ slug }) => {
        const whole = wholeOf(fromPreset(slug), definition);
        return whole === undefined ? [] : [{ slug, whole }];
      });
      const judged = await tryAll(
        wholes.map(({ whole: { title, fields, trigger, dialect, values } }) => ({
          ...{ title, fields, trigger, dialect, values },
          selected: -1,
        })),
        events.flatMap(({ event, damage }) => (damage === undefined ? [event] : [])),
      );
      return {
        used: new Set(written.map(({ preset }) => preset)),
        totals: new Map(judged.map(({ totals }, at) => [wholes[at]!.slug, totals])),
      };
    },
  });
  if (presets.length === 0) return <Empty title={t('mappings.presets.none')} />;
  // Presets with a trigger come first, and of them the matching ones.
  const rank = ({ slug, type }: Definition['presets'][number]): number =>
    (type === 'automatic' ? EVENTS + 1 : 0) + (tried.data?.totals.get(slug)?.matched ?? 0);
  return (
    <>
      {tried.isError ? <Failure error={tried.error} onRetry={() => void tried.refetch()} /> : null}
      <p role="status">{tried.isPending ? t('mappings.presets.tried') : null}</p>
      <ul className={styles['cards']} aria-label={t('mappings.presets')}>
        {presets
          .toSorted((one, other) => rank(other) - rank(one))
          .map(({ slug, name, action, ...preset }) => (
            <li key={slug} className={styles['card']}>
              <div>
                <h2>{name}</h2>
                <p className={styles['muted']}>
                  {definition.actions.find(({ key }) => key === action)?.title ?? action}
                  {tried.data?.used.has(slug) === true ? ` · ${t('mappings.preset.used')}` : ''}
                </p>
                {'eventSlug' in preset ? (
                  <p className={styles['muted']}>{t('mappings.preset.narrow')}</p>
                ) : null}
              </div>
              <Outcome totals={tried.data?.totals.get(slug)} />
              <Button aria-label={t('mappings.preset.use', { name })} onClick={() => onChoose(slug)}>
                {t('mappings.begin')}
              </Button>
            </li>
          ))}
      </ul>
    </>
  );
}

function Outcome({ totals }: { readonly totals: Totals | undefined }): ReactNode {
  const t = useTexts();
  if (totals === undefined) return <p />;
  const { events, matched, ready, rejected } = totals;
  if (events === 0) return <p className={styles['muted']}>{t('mappings.preset.untried')}</p>;
  return (
    <div>
      <p>{t('mappings.preset.matched', { matched, count: events })}</p>
      {matched === 0 ? null : (
        <Badge state={ready === 0 ? 'skipped' : 'delivered'}>
          {t('mappings.preset.ready', { count: ready })}
        </Badge>
      )}
      {Object.entries(rejected).map(([code, count]) => (
        <p key={code}>
          <Badge state="rejected">{t('mappings.rejected', { count })}</Badge> <code>{code}</code>
        </p>
      ))}
    </div>
  );
}
