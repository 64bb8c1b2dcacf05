import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { Based } from '../workspace/conflict.ts';
import type { Author, WorkspaceKeeper } from '../workspace/open.ts';
import { query } from './read.ts';
import { members, OBJECT } from './requests.ts';

const NOTED = members({ note: { type: 'string', minLength: 1, maxLength: 1_000 } });

/** A route whose body is a part of the workspace, which is checked as a whole. */
export const CHANGE = { schema: { body: OBJECT, querystring: NOTED } } as const;

/** A route that changes the workspace and takes no body. */
export const BARE_CHANGE = { schema: { querystring: NOTED } } as const;

/** Who makes an edit, from where, and the note that they leave. */
export function authorOf(request: FastifyRequest): Author {
  const { note } = query<{ note?: string }>(request);
  return { by: 'admin', from: request.ip, ...(note === undefined ? {} : { note }) };
}

/** The version that an edit is based on, as `If-Match` says. */
export function basedOn(request: FastifyRequest): Based {
  const given = request.headers['if-match']?.trim();
  if (given === undefined || given === '*') return given;
  const number = /^(?:W\/)?"(\d{1,15})"$/.exec(given)?.[1];
  if (number === undefined)
    throw new Failure('request_invalid', 'If-Match must be the ETag of one answer, such as "7", or *.');
  return Number(number);
}

/** Answers with the present version of something as the ETag. */
export function tag(reply: FastifyReply, keeper: WorkspaceKeeper, name: string): void {
  reply.header('etag', `"${keeper.versionOf(name)}"`);
}
