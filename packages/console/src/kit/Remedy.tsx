import type { ReactNode } from 'react';
import { useRefusals } from '../refusals.ts';
import styles from './Failure.module.css';

/** What to do about a code, in the current language. */
export function Remedy({
  code,
  children,
}: {
  readonly code: string;
  /** The registry's text. */
  readonly children: ReactNode;
}): ReactNode {
  return useRefusals()(code)?.remedy ?? children;
}

/** What happened: in another language the registry's text for the code, with the message below it. */
export function Reason({
  code,
  children,
  className,
}: {
  readonly code: string;
  /** The message. */
  readonly children: ReactNode;
  readonly className?: string | undefined;
}): ReactNode {
  const told = useRefusals()(code);
  if (told === undefined) return <p className={className}>{children}</p>;
  return (
    <>
      <p className={className}>{told.message}</p>
      <p lang="en" className={styles['detail']}>
        {children}
      </p>
    </>
  );
}
