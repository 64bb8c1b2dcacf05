import { type ProjectType as Type, resolveIdentity } from '@waybill/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Values } from '../../editor/config.ts';
import { useTexts } from '../../preferences.ts';
import styles from './Mapping.module.css';

/** How a destination identifies users, and the leading identifier of the sample event. */
export function ProjectType({
  destination,
  projectType,
  resolved,
}: {
  readonly destination: string;
  readonly projectType: Type;
  /** The results of the fields for the sample event. */
  readonly resolved: Values;
}): ReactNode {
  const t = useTexts();
  // Actions have the identifiers at the top level, or in a user object.
  const { user } = resolved;
  const { email, userId } = { ...resolved, ...(typeof user === 'object' ? user : {}) } as Values;
  const found = resolveIdentity({ projectType, email, userId });
  return (
    <section aria-label={t('fields.project')} className={styles['note']}>
      <p>
        {t(`fields.project.${projectType}`)}{' '}
        <Link to="/destinations/$id" params={{ id: destination }}>
          {t('fields.project.where')}
        </Link>
      </p>
      {!found.ok ? null : (
        <p>
          {t('fields.project.event', {
            by: t(`fields.project.by.${found.identity.by}`, {
              value: String(found.identity[found.identity.by]),
            }),
          })}
        </p>
      )}
    </section>
  );
}
