import type { State } from '../stores/state.ts';

/** Selects values to send again; absent members match everything. */
export interface ResyncFilter {
  readonly destination: string;
  readonly mappingId?: string;
  /** The user, by order key: `u:…`, `e:…` or `a:…`. */
  readonly user?: string;
}

/**
 * Forgets what was delivered, so that the next event of a user sends everything. Owners of fields stay. Call it where the state
 * is written. Returns the number of users, counted per mapping.
 */
export async function resync(state: Pick<State, 'forget'>, filter: ResyncFilter): Promise<number> {
  const { destination, mappingId, user } = filter;
  return await state.forget({
    destination,
    space: 'delta',
    ...(mappingId === undefined ? {} : { scope: mappingId }),
    ...(user === undefined ? {} : { key: user }),
  });
}
