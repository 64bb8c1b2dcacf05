const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** Returns the day of the week of a time in a time zone; undefined for an unknown time zone. */
export function weekdayIn(timeZone: string): (at: string) => string | undefined {
  if (!formats.has(timeZone)) formats.set(timeZone, formatFor(timeZone));
  const format = formats.get(timeZone);
  return (at) => format?.format(new Date(at));
}

function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en', { weekday: 'long', timeZone });
  } catch {
    return undefined;
  }
}
