/** Milliseconds that this thread has computed for: a machine that is busy with others does not count. */
export function computed(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Milliseconds that `yardstick` computes for on the machine that the limits were set on, when it does nothing else. */
const QUIET = 15;

const ROW = {
  type: 'track',
  properties: { list: [1, 2.5, 'x', null, true], text: 'a few words', in: { a: { b: 1 } } },
};
const MEGABYTE = JSON.stringify(Array.from({ length: 9_500 }, () => ROW));

/** A limit in milliseconds as it is on this machine at this moment: what it takes to read and write a megabyte tells. */
export function limitNow(milliseconds: number): number {
  const times = [1, 2, 3].map(() => {
    const started = computed();
    JSON.stringify(JSON.parse(MEGABYTE));
    return computed() - started;
  });
  return milliseconds * Math.max(1, Math.min(...times) / QUIET);
}
