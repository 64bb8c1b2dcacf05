import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Failure } from '../kit/Failure.tsx';

/** Shows the error of a page instead of that page only: the frame and other pages keep working. */
export function Broken({ error, reset }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  // A page whose file failed to load is loaded again before it is shown again.
  return <Failure error={error} onRetry={() => void router.invalidate().finally(reset)} />;
}
