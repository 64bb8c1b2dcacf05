/** Milliseconds of CPU time of this thread: work of other processes does not count. */
export function computed(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Milliseconds of CPU time that `yardstick` takes on the idle machine on which the limits were set. */
const QUIET = 15;

const ROW = {
  type: 'track',
  properties: { list: [1, 2.5, 'x', null, true], text: 'a few words', in: { a: { b: 1 } } },
};
const MEGABYTE = JSON.stringify(Array.from({ length: 9_500 }, () => ROW));

/** Scales a limit in milliseconds to the current speed of this machine, measured by reading and writing a megabyte. */
export function limitNow(milliseconds: number): number {
  const times = [1, 2, 3].map(() => {
    const started = computed();
    JSON.stringify(JSON.parse(MEGABYTE));
    return computed() - started;
  });
  return milliseconds * Math.max(1, Math.min(...times) / QUIET);
}
