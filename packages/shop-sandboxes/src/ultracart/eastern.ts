const HOUR = 3_600_000;

/** Start and end of daylight saving time in New York in a year: second Sunday of March and first of November, at 2 o'clock. */
function summerOf(year: number): readonly [number, number] {
  const sunday = (month: number, first: number): number =>
    first + ((7 - new Date(Date.UTC(year, month, first)).getUTCDay()) % 7);
  return [Date.UTC(year, 2, sunday(2, 8), 7), Date.UTC(year, 10, sunday(10, 1), 6)];
}

let known: { readonly year: number; readonly summer: readonly [number, number] } | undefined;

/** Formats a time in whole seconds in New York, with the offset. */
export function easternTime(at: number): string {
  const year = new Date(at).getUTCFullYear();
  if (known?.year !== year) known = { year, summer: summerOf(year) };
  const [begin, end] = known.summer;
  const hours = at >= begin && at < end ? 4 : 5;
  return new Date(at - hours * HOUR).toISOString().replace(/\.\d+Z$/, `-0${hours}:00`);
}
