/**
 * A piece of JavaScript source. Only the functions below create one, so a string from a mapping or event enters a
 * program only as a string literal.
 */
export class Code {
  readonly #source: string;

  /**
   * @param key proof that the caller is in this file.
   */
  constructor(source: string, key: typeof MAKER) {
    if (key !== MAKER) throw new TypeError('Code is made by the `code` template only.');
    this.#source = source;
  }

  toString(): string {
    return this.#source;
  }
}

const MAKER = Symbol('code');

/**
 * Tagged template for code: the template itself is code, and so is code put in; a string becomes a string literal and a
 * number a number literal.
 */
export function code(pieces: TemplateStringsArray, ...values: readonly (Code | string | number)[]): Code {
  let source = pieces[0]!;
  values.forEach((value, i) => {
    source += (value instanceof Code ? value.toString() : quote(value)) + pieces[i + 1]!;
  });
  return new Code(source, MAKER);
}

/** Concatenates pieces of code. */
export function joinCode(pieces: readonly Code[], separator: Code): Code {
  return new Code(pieces.join(separator.toString()), MAKER);
}

/** Names a variable: a short word and a number. */
export function variable(word: string, index: number): Code {
  if (!/^[a-z]{1,10}$/.test(word) || !Number.isSafeInteger(index)) throw new TypeError('Not a name.');
  return new Code(`${word}${index}`, MAKER);
}

function quote(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'string') throw new TypeError('Only code, strings and numbers can be put into code.');
  // These two end a line for older engines, even inside a string.
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
