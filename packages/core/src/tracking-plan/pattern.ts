/** Longer strings match no pattern. */
export const LONGEST_MATCHED = 256;

/** The maximum number of ways in which a pattern may try to match one string. */
const MOST_WAYS = 1_000_000;

/**
 * Returns why a pattern cannot be used, or nothing. JavaScript matches by backtracking, and events come from anyone: so
 * the possible paths are counted, and a pattern with too many is refused.
 */
export function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return (error as Error).message;
  }
  const { ways, isOne } = alternatives({ text: pattern, at: 0 });
  const begins = isOne && pattern.startsWith('^') ? 1 : LONGEST_MATCHED;
  if (ways * begins <= MOST_WAYS) return undefined;
  return 'The pattern can take very long: start it with ^, use fewer repetitions, and none within another.';
}

/** A well-formed pattern, and the position in it. */
interface Reader {
  readonly text: string;
  at: number;
}

/** Reads to the end of a group, and bounds the paths in which it can match. */
function alternatives(reader: Reader): { readonly ways: number; readonly isOne: boolean } {
  let [ways, product, count] = [0, 1, 1];
  for (; reader.at < reader.text.length && reader.text[reader.at] !== ')';) {
    if (reader.text[reader.at] === '|') {
      reader.at += 1;
      ways += product;
      product = 1;
      count += 1;
    } else product *= repeated(atom(reader), reader);
  }
  return { ways: ways + product, isOne: count === 1 };
}

/** Reads one part: a character, a class, an escape or a group. */
function atom(reader: Reader): number {
  const { text, at } = reader;
  const skip = (end: number): number => {
    reader.at = end;
    return 1;
  };
  switch (text[at]) {
    case '\\': {
      // What a back-reference matches is unknown in advance.
      if (/[1-9k]/.test(text[at + 1]!)) return skip(at + 2) * Infinity;
      const isBraced = /[upP]/.test(text[at + 1]!) && text[at + 2] === '{';
      return skip(isBraced ? text.indexOf('}', at) + 1 : at + 2);
    }
    case '[': {
      let end = at + 1;
      while (text[end] !== ']') end += text[end] === '\\' ? 2 : 1;
      return skip(end + 1);
    }
    case '(': {
      const [opening] = /^\((\?(:|<?[=!]|<[^>]*>))?/.exec(text.slice(at))!;
      reader.at = at + opening.length;
      const { ways } = alternatives(reader);
      reader.at += 1;
      return ways;
    }
    default:
      return skip(at + 1);
  }
}

/** Reads a quantifier. */
function repeated(ways: number, reader: Reader): number {
  const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(reader.text.slice(reader.at));
  if (found === null) return ways;
  reader.at += found[0].length;
  const [sign, from, comma, to] = found;
  const least = from === undefined ? (sign.startsWith('+') ? 1 : 0) : Number(from);
  const open =
    from === undefined
      ? sign.startsWith('?')
        ? 1
        : Infinity
      : comma === ''
        ? least
        : Number(to || Infinity);
  const most = Math.min(open, LONGEST_MATCHED);
  return Math.max(1, most - least + 1) * ways ** most;
}
