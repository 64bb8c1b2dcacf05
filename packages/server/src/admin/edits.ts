import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/guard.ts';
import { Failure } from '../failure.ts';
import type { Based } from '../workspace/conflict.ts';
import type { Author, WorkspaceEditor } from '../workspace/open.ts';
import { query } from './read.ts';

/** Who makes an edit, from where, and the note that they leave. */
export function authorOf(request: FastifyRequest): Author {
  const { note } = query<'PUT /api/workspace'>(request);
  return { by: callerOf(request).name, from: request.ip, ...(note === undefined ? {} : { note }) };
}

/** The version that an edit is based on, as `If-Match` says. */
export function basedOn(request: FastifyRequest): Based {
  const given = request.headers['if-match']?.trim();
  if (given === undefined || given === '*') return given;
  const number = /^(?:W\/)?"(\d{1,15})"$/.exec(given)?.[1];
  if (number === undefined)
    throw new Failure('request_invalid', 'If-Match must be an ETag such as "7", or *.');
  return Number(number);
}

/** Answers with the present version of something as the ETag. */
export function tag(reply: FastifyReply, editor: WorkspaceEditor, name: string): void {
  reply.header('etag', `"${editor.versionOf(name)}"`);
}
