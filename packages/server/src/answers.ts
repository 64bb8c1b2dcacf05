import { ERRORS } from '@waybill/core';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_EVENT_BYTES } from '@waybill/ingest';
import { Failure, failureBody } from './failure.ts';

/** Converts an error to a failure; details of an unexpected one are not sent to the client. */
export function failureOf(error: FastifyError | Failure, request: FastifyRequest): Failure {
  if (error instanceof Failure) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = request.routeOptions.bodyLimit ?? 0;
    return new Failure(limit > MAX_EVENT_BYTES ? 'event_batch_too_large' : 'event_too_large');
  }
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new Failure('request_invalid', 'Send the body as application/json.');
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new Failure('request_invalid', error.message);
  }
  request.log.error({ err: error }, 'request failed unexpectedly');
  return new Failure('server_error', 'The server failed unexpectedly.');
}

/** The bytes of an oversized body that are read and dropped, so that the sender receives the error. */
const DROPPED_BYTES = 8 * 1024 * 1024;

/** Answers a request with a failure. */
export function sendFailure(failure: Failure, reply: FastifyReply): FastifyReply {
  if (failure.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(failure.retryAfterSeconds));
  }
  // Closing the connection before the body has arrived loses the answer: a proxy returns 502, and clients retry forever.
  const isTooLarge = failure.code === 'event_too_large' || failure.code === 'event_batch_too_large';
  if (isTooLarge && Number(reply.request.headers['content-length']) <= DROPPED_BYTES)
    reply.removeHeader('connection');
  // The version belongs to the content that is not shown.
  reply.removeHeader('etag');
  const { error, ...body } = failureBody(failure.code, failure.message, failure.issues);
  return reply.code(ERRORS[failure.code].status).send({ ...body, error: { ...error, ...failure.details } });
}
