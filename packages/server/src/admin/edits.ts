import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/guard.ts';
import { Failure } from '../failure.ts';
import type { Based } from '../workspace/conflict.ts';
import type { Author, WorkspaceEditor } from '../workspace/open.ts';
import { query } from './read.ts';

/** Returns the author of an edit, with origin and note. */
export function authorOf(request: FastifyRequest): Author {
  const { note } = query<'PUT /api/workspace'>(request);
  return { by: callerOf(request).name, from: request.ip, ...(note === undefined ? {} : { note }) };
}

/** Returns the version that an edit is based on, from `If-Match`. */
export function basedOn(request: FastifyRequest): Based {
  const given = request.headers['if-match']?.trim();
  if (given === undefined || given === '*') return given;
  const number = /^(?:W\/)?"(\d{1,15})"$/.exec(given)?.[1];
  if (number === undefined)
    throw new Failure('request_invalid', 'If-Match must be an ETag such as "7", or *.');
  return Number(number);
}

/** Sets the current version of an item as the ETag. */
export function tag(reply: FastifyReply, editor: WorkspaceEditor, name: string): void {
  reply.header('etag', `"${editor.versionOf(name)}"`);
}
