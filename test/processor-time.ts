/** Milliseconds for which this thread had the processor: on a busy machine as few as on an idle one. */
export function processorTime(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
