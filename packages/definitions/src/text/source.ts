import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Place } from './place.ts';

/** A line and a column, both from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The origin of a subject: a file with text, or a module, whose text does not give places. */
export interface Source {
  /** Its name in messages: a path as given by the user, or `iterable (built in)`. */
  readonly name: string;
  /** Whether the name is a file that exists. */
  readonly isFile: boolean;
  readonly text?: string;
  readonly tree?: Node | undefined;
  /** The number of lines of the file above the text: for examples in a page. */
  readonly above?: number;
}

/** A syntax error of JSON, with its character. */
export interface JsonFault {
  readonly message: string;
  readonly offset: number;
}

/** Parses JSON with the positions of its parts. */
export function jsonSource(
  name: string,
  text: string,
  above = 0,
): { readonly source: Source; readonly value: unknown; readonly faults: readonly JsonFault[] } {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const faults = errors.map((error) => faultOf(error, text));
  const source: Source = { name, isFile: true, text, tree, above };
  if (faults.length > 0 || tree === undefined) {
    return {
      source,
      value: undefined,
      faults: faults.length > 0 ? faults : [{ message: 'It is empty.', offset: 0 }],
    };
  }
  return { source, value: JSON.parse(text) as unknown, faults };
}

/** Returns the position of a place in its source; that of the nearest enclosing place when it is absent. */
export function positionOf(
  source: Source,
  place: Place,
  options: { readonly key?: boolean | undefined; readonly offset?: number | undefined } = {},
): Position | undefined {
  const { text, tree } = source;
  if (text === undefined || tree === undefined) return undefined;
  for (let length = place.length; length >= 0; length -= 1) {
    const node =
      length === 0 ? tree : findNodeAtLocation(tree, place.slice(0, length) as (string | number)[]);
    if (node === undefined) continue;
    const whole = length === place.length;
    const property = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    if (whole && options.key === true && property !== undefined) return at(source, property.offset);
    if (whole && options.offset !== undefined && node.type === 'string') {
      return at(source, rawOffset(text, node.offset, options.offset));
    }
    return at(source, node.offset);
  }
  return undefined;
}

/** Returns the line and column of a character of a source. */
export function at(source: Source, offset: number): Position {
  const before = (source.text ?? '').slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1 + (source.above ?? 0);
  for (let next = before.indexOf('\n'); next !== -1; next = before.indexOf('\n', next + 1)) line += 1;
  return { line, column: offset - lineStart + 1 };
}

/** The position of a character of a string value in the JSON text, where escapes are longer. */
function rawOffset(text: string, start: number, characters: number): number {
  let offset = start + 1;
  for (let seen = 0; seen < characters && text[offset] !== '"'; seen += 1) {
    if (text[offset] !== '\\') offset += 1;
    else offset += text[offset + 1] === 'u' ? 6 : 2;
  }
  return offset;
}

/** A trailing comma gets its own error: parsers report the token after it. */
function faultOf(error: ParseError, text: string): JsonFault {
  const code = printParseErrorCode(error.error);
  const before = text.slice(0, error.offset).trimEnd();
  const closes = text[error.offset] === '}' || text[error.offset] === ']';
  if (closes && before.endsWith(',') && (code === 'ValueExpected' || code === 'PropertyNameExpected')) {
    return { message: 'There is a comma after the last member.', offset: before.length - 1 };
  }
  return { message: words(code), offset: error.offset };
}

/** `CommaExpected` becomes "Comma expected." */
function words(code: string): string {
  const text = code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A member that an object contains twice. */
export interface DuplicateKey {
  readonly place: Place;
  readonly message: string;
  /** Its index in the text. */
  readonly at: number;
}

/** Finds duplicate members, of which all but the last are silently lost. */
export function duplicateKeys({ tree }: Source): readonly DuplicateKey[] {
  return tree === undefined ? [] : [...twice(tree)];
}

function* twice(node: Node): Iterable<DuplicateKey> {
  if (node.type === 'object') {
    const seen = new Set<string>();
    for (const property of node.children ?? []) {
      const key = property.children?.[0];
      if (key === undefined) continue;
      const name = String(key.value);
      if (seen.has(name))
        yield { place: placeOfKey(key), message: `"${name}" appears twice.`, at: key.offset };
      seen.add(name);
    }
  }
  for (const child of node.children ?? []) yield* twice(child);
}

function placeOfKey(node: Node): (string | number)[] {
  const place: (string | number)[] = [];
  for (let at: Node | undefined = node; at?.parent !== undefined; at = at.parent) {
    if (at.parent.type === 'property') {
      if (at !== node || at.parent.children?.[0] === node)
        place.unshift(String(at.parent.children?.[0]?.value));
      at = at.parent;
    } else if (at.parent.type === 'array') place.unshift(at.parent.children!.indexOf(at));
  }
  return place;
}
