import { EVENT_TYPES } from '@waybill/core';
import { members, route } from './route.ts';
import {
  among,
  AT,
  either,
  LIMIT,
  list,
  NAME,
  named,
  number,
  object,
  text,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

const SHAPE = named(
  'Shape',
  object({
    sourceId: text(),
    type: among(EVENT_TYPES),
    event: text({
      description: 'The name of a track event, of a page or of a screen; empty when there is none.',
    }),
    count: whole({ description: 'An estimate if more events arrive than are inspected.' }),
    lastAt: AT,
    paths: list(
      object({
        path: text({ description: '`properties.products[].sku`: `[]` means each item of a list.' }),
        types: list(among(['string', 'number', 'boolean', 'null', 'object', 'list'])),
        share: number({ description: 'Share of the inspected events, from 0 to 1.' }),
        examples: list(either(text(), number(), yes())),
      }),
    ),
  }),
);

/** The shape of the events of one name. */
export type Shape = TypeOf<typeof SHAPE>;

/** The route of the shapes of events. */
export const SHAPE_ROUTES = {
  'GET /api/shapes': route({
    does: 'The structure of events, by source, type and name, latest first: their paths with types, shares and a few values, from a few events a second since the start and from the newest ones before it.',
    query: members({ sourceId: NAME, type: among(EVENT_TYPES), event: NAME, limit: LIMIT }),
    answer: list(SHAPE),
  }),
} as const;
