import { createGunzip, createInflate } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { Failure } from '../failure.ts';

/** Reads JSON bodies, whatever the content type says: browsers send beacons as plain text. */
export function readBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'remove');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'text/plain'],
    { parseAs: 'string' },
    (request, text, done) => {
      if (text === '') {
        done(null, undefined);
        return;
      }
      const fast = quickParse(text as string);
      if (fast !== undefined) {
        done(null, fast);
        return;
      }
      parse(request, text as string, (error, value) => {
        if (error !== null && error !== undefined) {
          done(new Failure('event_invalid_json', whereJsonEnds(text as string) ?? error.message), undefined);
        } else done(null, value);
      });
    },
  );
}

/**
 * A body that is JSON and cannot touch a prototype; undefined for any other, which is then looked at with care. Words
 * that name a prototype must stand in the text as they are, or with an escape in them.
 */
function quickParse(text: string): unknown {
  if (text.includes('__proto__') || text.includes('constructor') || text.includes('\\u00')) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Where a text stops being JSON; undefined when it is JSON that is refused for another reason. */
function whereJsonEnds(text: string): string | undefined {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first === undefined) return undefined;
  const before = text.slice(0, first.offset).split('\n');
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1} (position ${first.offset})`;
  return `The body is not valid JSON: ${printParseErrorCode(first.error)} at ${place}.`;
}

/** Unpacks a compressed body; the body limit counts the unpacked bytes, so a small bomb is refused like a big body. */
export function inflate(request: FastifyRequest, payload: NodeJS.ReadableStream): NodeJS.ReadableStream {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return payload;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new Failure('request_invalid', `The content encoding "${encoding}" is not known; use gzip.`);
  }
  delete request.headers['content-encoding'];
  delete request.headers['content-length'];
  const unpacked = encoding === 'gzip' ? createGunzip() : createInflate();
  payload.on('error', (error: Error) => unpacked.destroy(error));
  unpacked.on('error', () => undefined);
  return payload.pipe(unpacked);
}
