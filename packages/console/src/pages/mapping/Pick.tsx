import type { ReactNode } from 'react';
import { placeOf } from '../../editor/picked.ts';
import type { Place } from '../../editor/trace.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import { useAround } from './use-traced.ts';

/** A button that makes a place the target of the next picked value. */
export function Pick({
  at,
  name,
}: {
  readonly at: Place;
  /** The shorter label of a part of a field. */
  readonly name?: string;
}): ReactNode {
  const t = useTexts();
  const { armed, arm } = useAround();
  return (
    <Button
      look="quiet"
      aria-pressed={armed === placeOf(at)}
      aria-label={name === undefined ? undefined : t('editor.pick.for', { name })}
      onClick={() => arm(at)}
    >
      {t(name === undefined ? 'editor.pick' : 'editor.pick.short')}
    </Button>
  );
}
