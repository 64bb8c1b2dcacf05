import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Empty } from '../kit/Empty.tsx';
import { useTexts } from '../preferences.ts';

/** Shown for an unknown path. */
export function NotFound(): ReactNode {
  const t = useTexts();
  return (
    <Empty title={t('frame.notFound')}>
      <Link to="/">{t('frame.notFound.go')}</Link>
    </Empty>
  );
}
