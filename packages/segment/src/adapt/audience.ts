import {
  type Audience,
  type AudienceAnswer,
  type Audiences,
  compileValidator,
  type Destination,
  type Fields,
  rejected,
  retry,
  type SendContext,
} from '@waybill/core';
import { outcomeOfError } from '../outcome.ts';
import { withSession } from '../request/edge.ts';
import { newSession } from '../request/session.ts';
import type { DataBag, RequestClient, UpstreamAudiences, UpstreamDefinition } from '../upstream/types.ts';
import { type Account, accountOf } from './account.ts';
import { accountBag } from './bag.ts';
import { clientOf } from './client.ts';
import { adaptFields } from './fields.ts';
import { askRenewing, type OnTokens } from './renew.ts';

/** Calls a definition for an audience. */
interface Asking {
  readonly definition: UpstreamDefinition;
  readonly onTokens: OnTokens | undefined;
  readonly fields: Fields;
}

type Code = (request: RequestClient, input: Readonly<Record<string, unknown>>) => unknown;

/** Returns the audiences of a published definition, and when it expects their members; some definitions only have the latter. */
export function adaptAudiences(
  definition: UpstreamDefinition,
  onTokens: OnTokens | undefined,
): Pick<Destination, 'audiences' | 'audienceMode'> {
  const { audienceConfig, audienceFields = {} } = definition;
  const mode = modeOf(audienceConfig?.mode);
  const create = audienceConfig?.createAudience?.bind(audienceConfig);
  const get = audienceConfig?.getAudience?.bind(audienceConfig);
  if (create === undefined || get === undefined) return mode;
  const fields = adaptFields(audienceFields);
  const asking = { definition, onTokens, fields };
  const audiences: Audiences = {
    fields,
    async create(context, audience) {
      const settings = settingsOf(audience, fields);
      if ('outcome' in settings) return settings;
      const input = { audienceName: audience.key, personas: audience.personas };
      return through(context, settings.given, asking, create, input);
    },
    get: (context, audience, externalId) => through(context, audience.settings, asking, get, { externalId }),
  };
  return { ...mode, audiences };
}

function modeOf(mode: UpstreamAudiences['mode']): Pick<Destination, 'audienceMode'> {
  if (mode?.type === 'realtime') return { audienceMode: { type: 'realtime' } };
  if (mode?.type !== 'synced') return {};
  return { audienceMode: { type: 'synced', fullSync: mode.full_audience_sync === true } };
}

/** The settings of the audience, validated by its fields: a definition never receives invalid ones. */
function settingsOf(
  { settings }: Audience,
  fields: Fields,
): { readonly given: Readonly<Record<string, unknown>> } | { readonly outcome: ReturnType<typeof rejected> } {
  if (Object.keys(settings).length === 0) return { given: settings };
  const checked = compileValidator(fields)(settings);
  if (checked.ok) return { given: checked.payload as Readonly<Record<string, unknown>> };
  const [issue] = checked.issues;
  const message = `Correct "audience_settings" of the audience: ${issue?.message ?? ''}`;
  return { outcome: rejected(issue?.code ?? 'payload_required', message, issue?.path) };
}

/** Repeats the call after a renewal of the token. */
async function through(
  context: SendContext,
  audienceSettings: Readonly<Record<string, unknown>>,
  { definition, onTokens }: Asking,
  code: Code,
  input: Readonly<Record<string, unknown>>,
): Promise<AudienceAnswer> {
  const account = accountOf(context);
  const attempt = (): Promise<AudienceAnswer> =>
    once(context, { definition, account, audienceSettings }, code, input);
  return askRenewing({ definition, account, context, onTokens }, attempt, {
    outcomeOf: ({ outcome }) => outcome,
    failed: (outcome) => ({ outcome }),
  });
}

async function once(
  context: SendContext,
  of: {
    readonly definition: UpstreamDefinition;
    readonly account: Account;
    readonly audienceSettings: Readonly<Record<string, unknown>>;
  },
  code: Code,
  input: Readonly<Record<string, unknown>>,
): Promise<AudienceAnswer> {
  const { definition, account } = of;
  const session = newSession(context.request);
  try {
    const value = await withSession(session, () => {
      const { settings, ...rest } = accountBag(account);
      const audienceSettings = structuredClone(of.audienceSettings);
      const bag = { ...rest, settings, audienceSettings, payload: undefined } as unknown as DataBag;
      const { features, statsContext } = rest;
      // Only here definitions read their tokens from the settings.
      const given = { ...(settings as object), ...oauthOf(account) };
      const own = structuredClone(input);
      return code(clientOf(definition, bag), {
        ...own,
        settings: given,
        audienceSettings,
        features,
        statsContext,
      });
    });
    const { externalId } = (value ?? {}) as { readonly externalId?: unknown };
    if (typeof externalId === 'string' && externalId !== '') return { externalId };
    if (typeof externalId === 'number') return { externalId: String(externalId) };
    return { outcome: retry('destination_bug', 'The definition returned no ID of the audience.') };
  } catch (error) {
    const outcome = outcomeOfError(error, session, context.now());
    if (outcome.status === 'rejected' || outcome.status === 'retry') return { outcome };
    return { outcome: retry('destination_bug', 'The definition returned no ID of the audience.') };
  }
}

function oauthOf({ tokens }: Account): object {
  if (tokens.accessToken === undefined && tokens.refreshToken === undefined) return {};
  const { accessToken, refreshToken } = tokens;
  return {
    oauth: {
      ...(accessToken === undefined ? {} : { access_token: accessToken }),
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    },
  };
}
