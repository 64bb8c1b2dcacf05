/** A place in a JSON document: the keys and indexes that lead to it. */
export type Place = readonly (string | number)[];

/** Formats a place as a JSON path: `actions.send.fields["a.b"].choices[1]`. */
export function formatPlace(place: Place): string {
  let out = '';
  for (const key of place) {
    if (typeof key === 'number') out += `[${key}]`;
    else if (/^[@\w$-]+$/.test(key)) out += out === '' ? key : `.${key}`;
    else out += `[${JSON.stringify(key)}]`;
  }
  return out;
}

/** Parses a JSON path; any other text becomes one key. */
export function parsePlace(path: string): Place {
  const place: (string | number)[] = [];
  const part = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)|\./gy;
  let at = 0;
  while (at < path.length) {
    part.lastIndex = at;
    const found = part.exec(path);
    if (found === null) return [...place, path.slice(at)];
    at = part.lastIndex;
    if (found[1] !== undefined) place.push(Number(found[1]));
    else if (found[2] !== undefined) place.push(JSON.parse(found[2]) as string);
    else if (found[3] !== undefined) place.push(found[3]);
  }
  return place;
}
