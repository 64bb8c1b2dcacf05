/**
 * Reads a Retry-After header in both forms, seconds or an HTTP date, as milliseconds from now; undefined when there is
 * none or it cannot be read. A past date gives 0.
 */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse accepts much that is not an HTTP date, such as "-1"; all three forms contain the name of a month.
  if (!/[a-z]{3}/i.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
