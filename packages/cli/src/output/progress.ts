import progress from 'cli-progress';

/** Shows progress, only on a terminal, and only when it takes longer than a second. */
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

/** Shows the elapsed time of work without a known size, after a second; returns a function that stops it. */
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

/** The library returns INF or NULL while unknown. */
function timeLeft(seconds: unknown): string {
  const left = Number(seconds);
  if (!Number.isFinite(left)) return '?';
  return left < 60 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`;
}
