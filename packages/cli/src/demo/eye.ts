import { ApiError, type Client, createClient, type Destination, type Step } from '@waybill/api';
import type { ProjectType } from '../settings.ts';

/** The outcome of an event for one mapping. */
export interface Outcome extends Pick<Step, 'status' | 'code' | 'message' | 'remedy' | 'field'> {
  /** Key of the action; undefined when no mapping matched. */
  readonly action: string | undefined;
}

/** The outcomes of an event. */
export interface EventStory {
  readonly outcomes: readonly Outcome[];
}

/** The data of one customer in Iterable. */
export interface Profile {
  readonly email?: string;
  readonly userId?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cart: readonly string[];
  readonly events: readonly string[];
  readonly purchases: readonly string[];
}

/** Inspects both ends: Waybill's record through its admin API, and Iterable's through its API. */
export interface Eye {
  story(messageId: string): Promise<EventStory>;
  profile(
    customer: { readonly userId: string | undefined; readonly email: string | undefined },
    projectType: ProjectType,
  ): Promise<Profile | undefined>;
}

/** Creates the inspection of a server and the Iterable that it delivers to. */
export function createEye(input: {
  readonly server: string;
  readonly token: string;
  readonly sandbox: string;
}): Eye {
  const admin = createClient(input.server, input.token);
  const iterable = (path: string): Promise<unknown> => read(`${input.sandbox}${path}`, { 'Api-Key': 'demo' });
  let actions: Promise<ReadonlyMap<string, string>> | undefined;

  return {
    async story(messageId) {
      actions ??= admin.get('/api/destinations').then(actionsByMapping);
      const byMapping = await actions;
      const steps = await stepsOf(admin, messageId);
      return {
        outcomes: steps.map((step) => ({
          ...step,
          action: byMapping.get(`${step.destination} ${step.mappingId}`),
        })),
      };
    },
    async profile({ userId, email }, projectType) {
      const byId = userId !== undefined && projectType !== 'email';
      const name = byId ? userId : email;
      if (name === undefined) return undefined;
      const key = encodeURIComponent(name);
      const found = (await iterable(
        byId ? `/api/users/byUserId/${key}` : `/api/users/getByEmail?email=${key}`,
      )) as Read | undefined;
      if (found?.user === undefined) return undefined;
      const log = (await iterable(`/api/events/${byId ? `byUserId/${key}` : key}?limit=200`)) as
        { events?: readonly Logged[] } | undefined;
      return shown(found.user, [...(log?.events ?? [])].reverse());
    },
  };
}

/** The outcomes of an event; undefined when it is not in the log. */
async function stepsOf(admin: Client, id: string): Promise<readonly Step[]> {
  try {
    return (await admin.get('/api/events/:id', { params: { id } })).steps;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

interface Read {
  readonly user?: {
    readonly email?: string;
    readonly userId?: string;
    readonly dataFields: Readonly<Record<string, unknown>>;
  };
}

interface Logged {
  readonly eventName?: string;
  readonly eventType: string;
  readonly id?: string;
  readonly total?: number;
  readonly shoppingCartItems?: readonly Line[];
}

interface Line {
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
}

/** Internal members of Iterable, or members shown elsewhere. */
const OWN: ReadonlySet<string> = new Set([
  'email',
  'userId',
  'signupDate',
  'signupSource',
  'profileUpdatedAt',
  'itblInternal',
  'shoppingCartItems',
]);

function shown(user: NonNullable<Read['user']>, log: readonly Logged[]): Profile {
  const names = new Map<string, number>();
  for (const one of log) {
    if (one.eventType === 'customEvent')
      names.set(one.eventName ?? '', (names.get(one.eventName ?? '') ?? 0) + 1);
  }
  const cart = (user.dataFields['shoppingCartItems'] ?? []) as readonly Line[];
  return {
    ...(user.email === undefined ? {} : { email: user.email }),
    ...(user.userId === undefined ? {} : { userId: user.userId }),
    fields: Object.fromEntries(Object.entries(user.dataFields).filter(([name]) => !OWN.has(name))),
    cart: cart.map(line),
    events: [...names].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`)),
    purchases: log
      .filter((one) => one.eventType === 'purchase')
      .map((one) => `${one.id}  ${one.total}  ${(one.shoppingCartItems ?? []).map(line).join(' · ')}`),
  };
}

function line({ name, price, quantity }: Line): string {
  return `${quantity} × ${name} à ${price}`;
}

function actionsByMapping(list: readonly Destination[]): ReadonlyMap<string, string> {
  return new Map(
    list.flatMap(({ id, mappings }) =>
      mappings.map((mapping) => [`${id} ${mapping.id}`, mapping.action] as const),
    ),
  );
}

async function read(url: string, headers: Record<string, string>): Promise<unknown> {
  const answer = await fetch(url, { headers });
  return answer.ok ? await answer.json() : undefined;
}
