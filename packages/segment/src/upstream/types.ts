/*
 * The parts of a definition for Segment's framework that Waybill reads. Structural types: definitions may come from another
 * copy or version of the framework than the installed one.
 */

/** A field of an action or a setting, as published. */
export interface UpstreamField {
  readonly type: string;
  readonly label?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly maximum?: number;
  readonly choices?: readonly unknown[];
  readonly properties?: Readonly<Record<string, UpstreamField>>;
  readonly [option: string]: unknown;
}

/** Fields by name, as published. */
export type UpstreamFields = Readonly<Record<string, UpstreamField>>;

/** Options of one call; the client itself reads them. */
export type RequestOptions = Readonly<Record<string, unknown>>;

/** Makes one call of a definition. */
export type RequestClient = (url: string, options?: RequestOptions) => Promise<UpstreamResponse>;

/** The answer that a definition reads. */
export interface UpstreamResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText?: string;
  readonly headers: {
    get(name: string): string | null;
    forEach(each: (value: string, name: string) => void): void;
  };
  /** The parsed body when the answer says that it is JSON, else its text. */
  readonly data?: unknown;
  readonly content?: string;
}

/** Tokens of an account that is connected by OAuth. */
export interface AuthTokens {
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly refreshTokenUrl?: string | undefined;
}

/** What a definition receives besides the client. */
export interface DataBag {
  readonly payload: unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly [member: string]: unknown;
}

/** The code of an action. */
export type Perform = (request: RequestClient, data: DataBag) => unknown;

/** A reader of choices: a function, or functions by the names of members. */
export type UpstreamDynamic = Perform | { readonly [member: string]: UpstreamDynamic };

/** A hook of an action, as published. */
export interface UpstreamHook {
  readonly label: string;
  readonly description?: string;
  readonly inputFields?: UpstreamFields;
  readonly outputTypes?: Readonly<Record<string, unknown>>;
  readonly performHook?: Perform;
}

/** An action, as published. */
export interface UpstreamAction {
  readonly title: string;
  readonly description: string;
  readonly defaultSubscription?: string;
  readonly fields: UpstreamFields;
  readonly perform: Perform;
  readonly performBatch?: Perform;
  readonly syncMode?: unknown;
  readonly hooks?: Readonly<Record<string, UpstreamHook>>;
  readonly dynamicFields?: Readonly<Record<string, UpstreamDynamic>>;
}

/** A preset, as published. */
export interface UpstreamPreset {
  readonly name: string;
  readonly type: 'automatic' | 'specificEvent';
  readonly partnerAction: string;
  readonly subscribe?: string;
  readonly eventSlug?: string;
  readonly mapping?: Readonly<Record<string, unknown>>;
}

/** The authentication of a definition, as published. */
export interface UpstreamAuthentication {
  readonly scheme: string;
  readonly fields?: UpstreamFields;
  readonly testAuthentication?: (request: RequestClient, data: DataBag) => unknown;
  readonly refreshAccessToken?: (request: RequestClient, data: DataBag) => unknown;
}

/** The audiences of a definition, as published; some only declare how they are synchronised. */
export interface UpstreamAudiences {
  readonly mode?: { readonly type: string; readonly full_audience_sync?: boolean };
  readonly createAudience?: (request: RequestClient, input: Readonly<Record<string, unknown>>) => unknown;
  readonly getAudience?: (request: RequestClient, input: Readonly<Record<string, unknown>>) => unknown;
}

/** A destination, as published. */
export interface UpstreamDefinition {
  readonly name: string;
  readonly slug?: string;
  readonly mode?: string;
  readonly description?: string;
  readonly authentication?: UpstreamAuthentication;
  readonly extendRequest?: (data: DataBag) => RequestOptions;
  readonly actions: Readonly<Record<string, UpstreamAction>>;
  readonly presets?: readonly UpstreamPreset[];
  /** The settings of one audience, included in its events. */
  readonly audienceFields?: UpstreamFields;
  readonly audienceConfig?: UpstreamAudiences;
  readonly onDelete?: (request: RequestClient, data: DataBag) => unknown;
}

/** Answers for the items of a batch, as the framework's class has them. */
export interface MultiStatus {
  length(): number;
  getResponseAtIndex(index: number): { value(): unknown } | undefined;
}
