import { routeOf } from '@waybill/api';
import { compileParameters } from '@waybill/core';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';

/**
 * Validates the inputs of requests: each route accepts what the contract declares, and refuses anything else, because ignoring
 * it could do more than intended.
 */
export function checkRequests(app: FastifyInstance): void {
  app.addHook('onRoute', (given) => {
    // Fastify answers HEAD wherever it answers GET.
    const method = given.method === 'HEAD' ? 'GET' : String(given.method);
    const route = routeOf(`${method} ${given.url}`);
    if (route === undefined)
      throw new Error(`${method} ${given.url} is not in the contract of the admin API.`);
    given.schema = {
      querystring: route.query,
      params: { type: 'object', properties: route.params },
      // A part of the workspace is validated with the whole.
      ...(method === 'GET' ? {} : { body: route.isConfig ? { type: 'object' } : route.body }),
    };
  });
  app.setValidatorCompiler<object>(({ schema, httpPart }) => {
    const check = compileParameters(schema, httpPart === 'body' ? 'json' : 'text');
    return (value: unknown) => {
      const wrong = check(value);
      return wrong === undefined ? true : { error: new Failure('request_invalid', wrong) };
    };
  });
}
