import type { ErrorCode } from '@waybill/core';
import { incoming } from './incoming.ts';
import { outgoing } from './outgoing.ts';
import { server } from './server.ts';

/** The message and remedy of every code of the registry, in German. */
export const GERMAN = { ...incoming, ...outgoing, ...server } as const satisfies Record<
  ErrorCode,
  { readonly message: string; readonly remedy: string }
>;
