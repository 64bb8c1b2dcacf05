import { LIMIT_VARIABLES } from '@waybill/server/limits';

/** An environment variable that Waybill reads. */
export interface Variable {
  readonly name: string;
  readonly default: string;
  /** Markdown. */
  readonly meaning: string;
}

/** Variables about one thing. */
export interface VariableGroup {
  readonly title: string;
  readonly text?: string;
  readonly variables: readonly Variable[];
}

const one = (name: string, value: string, meaning: string): Variable => ({ name, default: value, meaning });

const SERVER: VariableGroup = {
  title: 'Server',
  variables: [
    one(
      'WAYBILL_HOST',
      '`127.0.0.1`',
      'address that the server listens on; clients of the admin API use it too',
    ),
    one('WAYBILL_PORT', '`4400`', 'port of the server'),
    one('WAYBILL_DATA', '`.waybill`', 'the [data folder](operations.md)'),
    one(
      'WAYBILL_STORE',
      'the data folder',
      'where events and the workspace are stored: `sqlite:<folder>` or [`postgres://…`](scaling.md)',
    ),
    one(
      'WAYBILL_ROLES',
      'all',
      'roles of this process, separated by commas: `intake`, `delivery`, `sources`, `processors` ([roles](scaling.md#roles))',
    ),
    one('WAYBILL_WORKSPACE', 'none', 'workspace file that is applied at the start'),
    one(
      'WAYBILL_DESTINATIONS',
      'none',
      'modules or packages with destinations, or `segment:<slug>`, separated by commas',
    ),
    one('WAYBILL_SOURCES', 'none', 'modules or packages with sources, separated by commas'),
    one(
      'WAYBILL_PUBLIC_URL',
      'the address of the request',
      'public address to which browsers and shops send',
    ),
    one(
      'WAYBILL_TRUST_PROXY',
      'none',
      '[proxies](deploy.md#tls) whose `X-Forwarded-*` headers are trusted: addresses or ranges, separated by commas',
    ),
    one('WAYBILL_LOG_LEVEL', '`info`', '`silent`, `error`, `warn`, `info` or `debug`'),
  ],
};

const ACCESS: VariableGroup = {
  title: 'Access and secrets',
  variables: [
    one(
      'WAYBILL_ADMIN_TOKEN',
      'created, in `<data>/admin-token`',
      'bearer token of the [admin API](admin-api.md)',
    ),
    one('WAYBILL_SECRET_KEY', 'created, in `<data>/secret-key`', 'encrypts secrets at rest'),
    one(
      'WAYBILL_ENV_ALLOW',
      'none',
      'variables that changes through the admin API may refer to, separated by commas; `NAME_*` means all with that prefix',
    ),
    one(
      'WAYBILL_AUDIENCE_FILES',
      'none',
      'folders whose files [audience sources](sources/audience.md) may read, separated by commas',
    ),
    one(
      'WAYBILL_ALLOWED_HOSTS',
      'none',
      'internal hosts that destinations and sources may reach, separated by commas',
    ),
    one(
      'WAYBILL_URL',
      'from `WAYBILL_HOST`, `WAYBILL_PORT`',
      'address of the server for commands that use the admin API',
    ),
  ],
};

const LIMITS: VariableGroup = {
  title: 'Limits',
  text: 'Numbers; [operations](operations.md#limits) describes what happens at each limit.',
  variables: [
    ...LIMIT_VARIABLES.map(({ name, default: value, meaning }) =>
      one(name, value.toLocaleString('en'), meaning),
    ),
    one(
      'WAYBILL_DESTINATION_ENV',
      'none',
      'environment variables that modules may read, separated by commas',
    ),
    one(
      'WAYBILL_DESTINATION_CONNECTIONS',
      'none',
      'modules that may open their own connections, separated by commas',
    ),
  ],
};

const TRACING: VariableGroup = {
  title: 'Tracing',
  text: 'Tracing is off without an address; [operations](operations.md) describes the spans. The SDK itself reads more `OTEL_*` variables.',
  variables: [
    one('OTEL_EXPORTER_OTLP_ENDPOINT', 'none', 'address to which spans are sent, by OTLP over HTTP'),
    one('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'none', 'the same, only for traces'),
    one('OTEL_SERVICE_NAME', '`waybill`', 'name of the service in traces'),
    one('OTEL_TRACES_SAMPLER_ARG', '1', 'share of events that are traced, from 0 to 1'),
    one(
      'OTEL_NODE_RESOURCE_DETECTORS',
      '`env,host,os,serviceinstance`',
      'what spans contain about the machine; with `process`, also the command line, which may contain a password',
    ),
  ],
};

const DEVELOPMENT: VariableGroup = {
  title: 'Development',
  variables: [
    one('WAYBILL_PROJECT_TYPE', '`hybrid`', 'demo: `email`, `userId` or `hybrid`'),
    one('WAYBILL_SANDBOX_PORT', '`4401`', 'demo: port of the local Iterable'),
    one('WAYBILL_SANDBOX_URL', 'none', 'demo: address of a local Iterable that is already running'),
    one('WAYBILL_PAGE_PORT', '`4402`', 'port of the page that `waybill serve` shows'),
    one(
      'WAYBILL_UPDATE_CASES',
      'none',
      '`1` makes the [test kit](../packages/testing/README.md) write its results into the case files',
    ),
  ],
};

/** Every variable that Waybill reads. */
export const VARIABLES: readonly VariableGroup[] = [SERVER, ACCESS, LIMITS, TRACING, DEVELOPMENT];
