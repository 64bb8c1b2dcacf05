import progress from 'cli-progress';

/** Shows how far something is; only on a terminal, and only when it takes longer than a second. */
export interface Progress {
  step(done: number): void;
  stop(): void;
}

const PATIENCE = 1_000;

/** A bar for work of a known size. It writes to standard error, so that output can be piped. */
export function showProgress(total: number, noun: string): Progress {
  if (!process.stderr.isTTY) return { step: () => undefined, stop: () => undefined };
  let bar: progress.SingleBar | undefined;
  const started = Date.now();
  return {
    step(done) {
      if (bar === undefined && Date.now() - started > PATIENCE && done < total) {
        bar = new progress.SingleBar({
          format: `{bar} {value}/{total} ${noun}, {eta_formatted} left`,
          formatTime: timeLeft,
          stream: process.stderr,
          clearOnComplete: true,
          hideCursor: true,
        });
        bar.start(total, done);
      }
      bar?.update(done);
    },
    stop: () => bar?.stop(),
  };
}

/** Says how long something without a known size has taken, from a second on; returns what ends that. */
export function showWaiting(text: string): () => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => undefined;
  const erase = '\r\u001B[K';
  let seconds = 0;
  const timer = setInterval(() => stderr.write(`${erase}${text}: ${++seconds} s`), PATIENCE);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (seconds > 0) stderr.write(erase);
  };
}

/** The library says INF or NULL while it cannot tell. */
function timeLeft(seconds: unknown): string {
  const left = Number(seconds);
  if (!Number.isFinite(left)) return '?';
  return left < 60 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`;
}
