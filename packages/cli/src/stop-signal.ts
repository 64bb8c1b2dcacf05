import { onParentGone } from './parent.ts';

/** A signal this soon after another, in milliseconds, is a duplicate: npm also forwards those of the terminal. */
const SAME_SIGNAL = 500;

/** Resolves at the first SIGINT or SIGTERM; another one ends the process at once. */
export function stopSignal(): Promise<void> {
  return new Promise((done) => {
    let asked: number | undefined;
    const stop = (): void => {
      asked ??= performance.now();
      done();
    };
    const onSignal = (): void => {
      if (asked !== undefined && performance.now() - asked > SAME_SIGNAL) process.exit(130);
      stop();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    onParentGone(stop);
  });
}
