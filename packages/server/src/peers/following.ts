import type { Peers } from '@waybill/delivery';

/** How often it is looked for what other processes have written, in milliseconds. */
const LOOK = 1_000;

/** Has a view be read again now and then, where other processes write what it shows; ends when the answer is called. */
export function following(
  peers: Peers | undefined,
  view: { refresh(): Promise<void> },
  onError: (error: unknown) => void,
): () => void {
  if (peers === undefined) return () => undefined;
  const timer = setInterval(() => void view.refresh().catch(onError), LOOK).unref();
  return () => clearInterval(timer);
}
