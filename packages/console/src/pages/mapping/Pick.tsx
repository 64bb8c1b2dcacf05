import type { ReactNode } from 'react';
import { placeOf } from '../../editor/picked.ts';
import type { Place } from '../../editor/trace.ts';
import { Button } from '../../kit/Button.tsx';
import { useTexts } from '../../preferences.ts';
import { useAround } from './use-traced.ts';

/** Lets a place take the next value that is picked from the sample event. */
export function Pick({
  at,
  name,
}: {
  readonly at: Place;
  /** What is within a field is called by its own name, in fewer words. */
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
