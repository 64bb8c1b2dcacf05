/**
 * Reads a Retry-After header in both forms, seconds or an HTTP date, as milliseconds from now; undefined when there is
 * none or it cannot be read. A date that has passed gives 0.
 */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse takes much that is no HTTP date, such as "-1"; the name of a month is in all three forms.
  if (!/[a-z]{3}/i.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}
