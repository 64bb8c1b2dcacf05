/** Milliseconds that this thread has computed for: a machine that is busy with others does not count. */
export function computed(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
