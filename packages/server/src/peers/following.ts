import type { Peers } from '@waybill/delivery';

/** How often to poll for writes of other processes, in milliseconds. */
const LOOK = 1_000;

/** Refreshes a view periodically if other processes write its data; returns a function that stops it. */
export function following(
  peers: Peers | undefined,
  view: { refresh(): Promise<void> },
  onError: (error: unknown) => void,
): () => void {
  if (peers === undefined) return () => undefined;
  const timer = setInterval(() => void view.refresh().catch(onError), LOOK).unref();
  return () => clearInterval(timer);
}
