import type { Transform } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { FastifyBodyParser, FastifyInstance, FastifyRequest, RequestPayload } from 'fastify';
import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { Failure } from '../failure.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Reads JSON bodies that say what they are; a key that names a prototype is refused. */
export function readJson(app: FastifyInstance): void {
  const parse = jsonParser(app, 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([JSON_TYPE, 'text/plain'], { parseAs: 'string' }, parse);
}

/**
 * Reads whatever is JSON, whatever its content type says: browsers send beacons as plain text, HTTP clients send JSON as
 * forms or bytes. A key that names a prototype is left out, so that it costs a batch no other event.
 */
export function readAnything(app: FastifyInstance): void {
  const parse = jsonParser(app, 'remove');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, parse);
  app.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (request, text, done) =>
    parse(request, dataOfForm(text as string), done),
  );
  app.addHook('preParsing', (request, _reply, payload, done) => {
    // One of two types from here on: a body without a type, or with one that cannot be read, would not be read at all.
    request.headers['content-type'] = request.headers['content-type']?.startsWith(FORM_TYPE)
      ? FORM_TYPE
      : JSON_TYPE;
    try {
      done(null, unpack(request, payload));
    } catch (error) {
      done(error as Failure);
    }
  });
}

/** The JSON in a `data` parameter: as it is, or in base64, of which a form may have made the pluses blanks. */
export function jsonOfData(data: string): string {
  if (/^\s*[[{]/.test(data)) return data;
  return Buffer.from(data.replaceAll(' ', '+'), 'base64').toString('utf8');
}

function dataOfForm(text: string): string {
  if (/^\s*[[{]/.test(text)) return text;
  const data = new URLSearchParams(text).get('data');
  return data === null ? text : jsonOfData(data);
}

function jsonParser(app: FastifyInstance, onPrototype: OnPrototype): FastifyBodyParser<string | Buffer> {
  const read = jsonReader(app, onPrototype);
  return (request, body, done) => {
    try {
      done(null, body === '' ? undefined : read(request, body as string));
    } catch (error) {
      done(error as Error);
    }
  };
}

/** What becomes of a key that reaches a prototype: it is refused with all around it, or left out. */
type OnPrototype = 'error' | 'remove';

/** Makes what reads JSON in a request; it throws a Failure with the place where reading stopped. */
export function jsonReader(
  app: FastifyInstance,
  onPrototype: OnPrototype,
): (request: FastifyRequest, text: string) => unknown {
  const careful = app.getDefaultJsonParser(onPrototype, 'remove');
  return (request, text) => {
    let value = quickParse(text);
    if (value !== undefined) return value;
    careful(request, wellFormed(text), (error, read: unknown) => {
      if (error === null || error === undefined) value = read;
      else throw new Failure('event_invalid_json', whereJsonEnds(text) ?? error.message);
    });
    return value;
  };
}

/**
 * A body that is JSON and needs no care; undefined for any other. Words that name a prototype must stand in the text as
 * they are or with an escape in them, and a lone surrogate can only be an escape.
 */
function quickParse(text: string): unknown {
  if (CAREFUL.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const CAREFUL = /__proto__|constructor|\\u/;

/**
 * A JSON text without the escapes of lone surrogates. A database keeps none of them apart, so two users whose IDs differ
 * in one would become one user there and stay two elsewhere.
 */
function wellFormed(text: string): string {
  return text.replaceAll(ESCAPE, (escape) => (LONE_SURROGATE.test(escape) ? '\\ufffd' : escape));
}

/** Every escape of a JSON text, a pair of surrogates as one. */
const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|[^])/g;
const LONE_SURROGATE = /^\\u[dD][89a-fA-F][\da-fA-F]{2}$/;

/** Where a text stops being JSON; undefined when that cannot be told. */
function whereJsonEnds(text: string): string | undefined {
  const errors: ParseError[] = [];
  try {
    parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    // It calls itself for each level.
    if (error instanceof RangeError)
      return 'The body is not valid JSON, and is nested too deeply to locate the error.';
    throw error;
  }
  const [first] = errors;
  if (first === undefined) return undefined;
  const before = text.slice(0, first.offset).split('\n');
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1} (position ${first.offset})`;
  return `The body is not valid JSON: ${printParseErrorCode(first.error)} at ${place}.`;
}

/** How to unpack each encoding. What is called gzip and is deflate is read too, and the other way round. */
const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createUnzip],
  ['x-gzip', createUnzip],
  ['deflate', createUnzip],
  ['br', createBrotliDecompress],
]);

/** Encodings on top of each other beyond which nobody means it. */
const MAX_ENCODINGS = 2;

/** Unpacks a compressed body; the body limit counts the unpacked bytes, so a small bomb is refused like a big body. */
function unpack(request: FastifyRequest, payload: RequestPayload): RequestPayload {
  const given = request.headers['content-encoding'];
  if (given === undefined) return payload;
  const encodings = given
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'identity');
  const unknown = encodings.find((one) => !UNPACKERS.has(one));
  if (unknown !== undefined) {
    const message = `The content encoding "${unknown.slice(0, 40)}" is unknown; use gzip.`;
    throw new Failure('request_invalid', message);
  }
  if (encodings.length > MAX_ENCODINGS) {
    throw new Failure('request_invalid', `The body is compressed ${encodings.length} times; use gzip once.`);
  }
  if (encodings.length === 0) return payload;
  delete request.headers['content-encoding'];
  delete request.headers['content-length'];
  return encodings.toReversed().reduce<RequestPayload>((packed, encoding) => {
    const unpacked = UNPACKERS.get(encoding)!();
    packed.on('error', (error: Error) => unpacked.destroy(error));
    unpacked.on('error', () => undefined);
    return packed.pipe(unpacked);
  }, payload);
}
