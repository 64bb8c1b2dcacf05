import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Failure } from '../kit/Failure.tsx';

/** A mistake of a page in place of that page alone: the frame around it keeps working, and so does every other page. */
export function Broken({ error, reset }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  // A page whose file did not come is asked for again before it is shown again.
  return <Failure error={error} onRetry={() => void router.invalidate().finally(reset)} />;
}
