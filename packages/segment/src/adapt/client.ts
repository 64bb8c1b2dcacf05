import { loadFramework } from '../upstream/packages.ts';
import type { DataBag, RequestClient, UpstreamDefinition } from '../upstream/types.ts';

/** Creates the client of a definition: the framework's own, with the definition's options below those of a call. */
export function clientOf(definition: UpstreamDefinition, bag: DataBag): RequestClient {
  const options = definition.extendRequest?.(bag) ?? {};
  return loadFramework().framework.createRequestClient(options, {
    statsContext: bag['statsContext'],
    afterResponse: [
      (request: unknown, callOptions: unknown, response: object) =>
        Object.assign(response, { request, options: callOptions }),
    ],
  });
}
