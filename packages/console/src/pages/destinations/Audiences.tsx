import type { Definition } from '@waybill/api';
import type { ReactNode } from 'react';
import { useTexts } from '../../preferences.ts';
import styles from './Destination.module.css';
import { KeptAudiences } from './KeptAudiences.tsx';

type AudienceMode = NonNullable<Definition['audienceMode']>;

/** The audiences of a destination: settings for members, and the created ones. */
export function Audiences({
  id,
  definition,
}: {
  readonly id: string;
  readonly definition: Definition | undefined;
}): ReactNode {
  const t = useTexts();
  const { audiences, audienceMode } = definition ?? {};
  if (audiences === undefined && audienceMode === undefined) return null;
  return (
    <section aria-labelledby="audiences" className={styles['settings']}>
      <h2 id="audiences">{t('audience.kept')}</h2>
      {audienceMode === undefined ? null : <p>{t(`audience.mode.${wordOf(audienceMode)}`)}</p>}
      {audiences === undefined ? null : <KeptAudiences id={id} />}
    </section>
  );
}

function wordOf(mode: AudienceMode): 'realtime' | 'synced' | 'full' {
  if (mode.type === 'realtime') return mode.type;
  return mode.fullSync ? 'full' : mode.type;
}
