/** Matches a token of JSON, or white space. */
const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gy;

/** Returns the line, from 1, where a member of JSON starts; that of the last existing part of the path. */
export function lineOf(text: string, path: string): number {
  const wanted = partsOf(path);
  const open: { key: string | number; isList: boolean }[] = [];
  let [line, found, deepest] = [1, 1, -1];
  let isKey = false;
  /** Records where a key or item of the path starts: each part must be inside the previous one. */
  const meet = (): void => {
    const depth = open.length - 1;
    const isOnPath = open.every(({ key }, at) => String(key) === wanted[at]);
    if (isOnPath && depth > deepest) [found, deepest] = [line, depth];
  };
  for (const [token] of text.matchAll(TOKEN)) {
    const top = open.at(-1);
    if (/^\s/.test(token)) line += token.split('\n').length - 1;
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && top !== undefined) {
      isKey = !top.isList;
      if (top.isList) top.key = Number(top.key) + 1;
    } else if (token === ':') isKey = false;
    else if (isKey && top !== undefined) {
      top.key = keyOf(token);
      meet();
    } else {
      if (top?.isList === true) meet();
      if (token === '{' || token === '[') open.push({ key: token === '[' ? 0 : '', isList: token === '[' });
      isKey = token === '{';
    }
  }
  return found;
}

function keyOf(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    return token;
  }
}

/** Splits a path: `properties["a b"].required[0]`. */
function partsOf(path: string): readonly string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|[^.[\]]+/g)].map(([part, quoted, index]) =>
    quoted === undefined ? (index ?? part) : keyOf(`"${quoted}"`),
  );
}
