import type { Transform } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { FastifyBodyParser, FastifyInstance, FastifyRequest, RequestPayload } from 'fastify';
import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { Failure } from '../failure.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Parses JSON bodies with a JSON content type; refuses a key that names a prototype. */
export function readJson(app: FastifyInstance): void {
  const parse = jsonParser(app, 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([JSON_TYPE, 'text/plain'], { parseAs: 'string' }, parse);
}

/**
 * Parses JSON with any content type: browsers send beacons as plain text, HTTP clients send JSON as forms or bytes. Drops a key
 * that names a prototype, so that it costs a batch no other event.
 */
export function readAnything(app: FastifyInstance): void {
  const parse = jsonParser(app, 'remove');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'string' }, parse);
  app.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (request, text, done) =>
    parse(request, dataOfForm(text as string), done),
  );
  app.addHook('preParsing', (request, _reply, payload, done) => {
    // Normalised to one of two types: a body without a type, or with an invalid one, would not be parsed.
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

/** Returns the JSON in a `data` parameter: plain, or base64, in which a form may have replaced pluses by spaces. */
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

/** The treatment of a key that reaches a prototype: refuse the whole body, or drop the key. */
type OnPrototype = 'error' | 'remove';

/** Creates a JSON parser for requests; it throws a Failure with the position of the error. */
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
 * Parses JSON that needs no special care; undefined otherwise. Names of prototypes must occur literally or with an escape, and
 * a lone surrogate can only be an escape.
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
 * Replaces escapes of lone surrogates. A database does not distinguish them, so two users whose IDs differ in one would be the
 * same there and different elsewhere.
 */
function wellFormed(text: string): string {
  return text.replaceAll(ESCAPE, (escape) => (LONE_SURROGATE.test(escape) ? '\\ufffd' : escape));
}

/** Matches every escape of JSON, a pair of surrogates as one. */
const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|[^])/g;
const LONE_SURROGATE = /^\\u[dD][89a-fA-F][\da-fA-F]{2}$/;

/** Returns where a string stops being JSON; undefined when unknown. */
function whereJsonEnds(text: string): string | undefined {
  const errors: ParseError[] = [];
  try {
    parseTree(text, errors, { disallowComments: true });
  } catch (error) {
    // It is recursive.
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

/** The decompressors of encodings. Deflate labelled as gzip is accepted too, and vice versa. */
const UNPACKERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', createUnzip],
  ['x-gzip', createUnzip],
  ['deflate', createUnzip],
  ['br', createBrotliDecompress],
]);

/** The maximum number of nested encodings. */
const MAX_ENCODINGS = 2;

/** Decompresses a body; the limit applies to the decompressed bytes, so a bomb is refused like a large body. */
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
