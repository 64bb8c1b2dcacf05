import type { Destination } from '@waybill/api';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Failure } from '../../kit/Failure.tsx';
import { Switch } from '../../kit/Switch.tsx';
import { useTexts } from '../../preferences.ts';
import { useClient } from '../../session.tsx';
import styles from '../../kit/List.module.css';

/** The mappings of a destination; each is opened in the editor and can be switched off and on. */
export function Mappings({
  destination,
  mappings,
}: {
  readonly destination: string;
  readonly mappings: Destination['mappings'];
}): ReactNode {
  const t = useTexts();
  const client = useClient();
  const queries = useQueryClient();
  const [failure, setFailure] = useState<unknown>();
  if (mappings.length === 0) return <p>{t('destinations.mappings.none')}</p>;
  const enable = async (mapping: string, enabled: boolean): Promise<void> => {
    setFailure(undefined);
    try {
      const params = { id: destination, mapping };
      const [shown, workspace] = await Promise.all([
        client.call('GET /api/destinations/:id/mappings/:mapping', { params }),
        client.get('/api/workspace'),
      ]);
      // As it is configured: a preset with changes stays one, and so does one that is in force without being listed.
      const config = workspace.destinations
        ?.find(({ id }) => id === destination)
        ?.mappings?.find(({ id }) => id === mapping);
      await client.put('/api/destinations/:id/mappings/:mapping', {
        params,
        body: { ...(config ?? { id: mapping, preset: mapping }), enabled },
        ifMatch: shown.version ?? '*',
      });
    } catch (error) {
      setFailure(error);
    }
    await queries.invalidateQueries({ queryKey: ['destinations'] });
  };
  return (
    <>
      {failure === undefined ? null : <Failure error={failure} />}
      <ul className={styles['list']} aria-label={t('destinations.mappings')}>
        {mappings.map(({ id, name, action, trigger, enabled }) => (
          <li key={id} className={styles['row']}>
            <Link to="/destinations/$id/mappings/$mapping" params={{ id: destination, mapping: id }}>
              {name}
            </Link>
            <code>{action}</code>
            <span className={styles['issues']}>{trigger}</span>
            <Switch label={name} hideLabel checked={enabled} onChange={(on) => void enable(id, on)} />
          </li>
        ))}
      </ul>
    </>
  );
}
