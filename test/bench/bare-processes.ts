import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/*
 * The minimum cost of two processes for a call: payloads go to a process that does nothing with them and returns as many bytes as the
 * body of a call has.
 */

const BATCH = 500;
const CALLS = 200;

interface Answer {
  readonly body: string;
}

if (process.argv[2] === 'answer') {
  process.on('message', ({ payloads, bytes }: { payloads: readonly unknown[]; bytes: number }) =>
    process.send!({ body: 'x'.repeat(payloads.length * bytes) } satisfies Answer),
  );
}

/** Processor microseconds that the threads of a process have taken so far. */
export function processorTime(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map(
    (one) => readFileSync(`/proc/${pid}/task/${one}/schedstat`, 'utf8').split(' ')[0],
  );
  return nanoseconds.reduce((sum, one) => sum + Number(one), 0) / 1_000;
}

/** CPU microseconds of both processes per payload, and those of building the payloads. */
export async function barePath(makePayload: (at: number) => object): Promise<number> {
  const texts = Array.from({ length: 10 }, (_, call) =>
    JSON.stringify(Array.from({ length: BATCH }, (_one, at) => makePayload(call * BATCH + at))),
  );
  const bytes = Math.round(texts[0]!.length / BATCH);
  const child = fork(import.meta.filename, ['answer'], {
    serialization: 'advanced',
    execArgv: process.execArgv,
  });
  const run = async (isSent: boolean): Promise<number> => {
    const [before, beside] = [process.cpuUsage(), processorTime(child.pid!)];
    for (let call = 0; call < CALLS; call += 1) {
      const payloads = JSON.parse(texts[call % texts.length]!) as unknown;
      const answered = new Promise((resolve) =>
        isSent ? child.once('message', resolve) : setImmediate(resolve),
      );
      if (isSent) child.send({ payloads, bytes });
      await answered;
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system + processorTime(child.pid!) - beside) / CALLS / BATCH;
  };
  const rounds: number[] = [];
  for (let round = 0; round <= 5; round += 1) {
    const took = (await run(true)) - (await run(false));
    if (round > 0) rounds.push(took);
  }
  child.kill();
  return rounds.toSorted((a, b) => a - b)[2]!;
}
