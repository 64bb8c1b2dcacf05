import { LIMIT_VARIABLES } from '@waybill/server/limits';

/** A variable of the environment that Waybill reads. */
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
    one('WAYBILL_PORT', '`4400`', 'its port'),
    one('WAYBILL_DATA', '`.waybill`', 'the [data folder](operations.md)'),
    one(
      'WAYBILL_STORE',
      'the data folder',
      'where events and the workspace are kept: `sqlite:<folder>` or [`postgres://…`](scaling.md)',
    ),
    one(
      'WAYBILL_ROLES',
      'all',
      'what this process does, with commas: `intake`, `delivery`, `sources`, `processors` ([roles](scaling.md#roles))',
    ),
    one('WAYBILL_WORKSPACE', 'none', 'workspace file that is applied at the start'),
    one(
      'WAYBILL_DESTINATIONS',
      'none',
      'modules or packages with destinations, `segment:<slug>`; with commas',
    ),
    one('WAYBILL_SOURCES', 'none', 'modules or packages with sources, with commas'),
    one('WAYBILL_PUBLIC_URL', 'what clients have asked', 'address to which browsers and shops send'),
    one(
      'WAYBILL_TRUST_PROXY',
      'none',
      '[proxies](deploy.md#tls) whose `X-Forwarded-*` are believed: addresses or ranges, with commas',
    ),
    one('WAYBILL_LOG_LEVEL', '`info`', '`silent`, `error`, `warn`, `info` or `debug`'),
  ],
};

const ACCESS: VariableGroup = {
  title: 'Access and secrets',
  variables: [
    one(
      'WAYBILL_ADMIN_TOKEN',
      'made, in `<data>/admin-token`',
      'bearer token of the [admin API](admin-api.md)',
    ),
    one('WAYBILL_SECRET_KEY', 'made, in `<data>/secret-key`', 'encrypts secrets at rest'),
    one(
      'WAYBILL_ENV_ALLOW',
      'none',
      'variables that changes by the admin API may name, with commas; `NAME_*` for all that begin so',
    ),
    one(
      'WAYBILL_AUDIENCE_FILES',
      'none',
      'folders whose files [audience sources](sources/audience.md) may read, with commas',
    ),
    one(
      'WAYBILL_ALLOWED_HOSTS',
      'none',
      'internal hosts that destinations and sources may reach, with commas',
    ),
    one('WAYBILL_URL', 'from `WAYBILL_HOST`, `WAYBILL_PORT`', 'server that commands of the admin API ask'),
  ],
};

const LIMITS: VariableGroup = {
  title: 'Limits',
  text: 'Numbers; [operations](operations.md#limits) says what happens at each limit.',
  variables: [
    ...LIMIT_VARIABLES.map(({ name, default: value, meaning }) =>
      one(name, value.toLocaleString('en'), meaning),
    ),
    one('WAYBILL_DESTINATION_ENV', 'none', 'variables of the environment that modules may read, with commas'),
    one(
      'WAYBILL_DESTINATION_CONNECTIONS',
      'none',
      'modules that may open connections of their own, with commas',
    ),
  ],
};

const TRACING: VariableGroup = {
  title: 'Tracing',
  text: 'Off without an address; [operations](operations.md) says what is traced. The SDK reads its other `OTEL_*` variables itself.',
  variables: [
    one('OTEL_EXPORTER_OTLP_ENDPOINT', 'none', 'where spans go, by OTLP over HTTP'),
    one('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'none', 'the same, for traces alone'),
    one('OTEL_SERVICE_NAME', '`waybill`', 'the name of the service in them'),
    one('OTEL_TRACES_SAMPLER_ARG', '1', 'the share of events that are traced, from 0 to 1'),
    one(
      'OTEL_NODE_RESOURCE_DETECTORS',
      '`env,host,os,serviceinstance`',
      'what spans tell of the machine; with `process` also the command line, which may hold a password',
    ),
  ],
};

const DEVELOPMENT: VariableGroup = {
  title: 'Development',
  variables: [
    one('WAYBILL_PROJECT_TYPE', '`hybrid`', 'demo: `email`, `userId` or `hybrid`'),
    one('WAYBILL_SANDBOX_PORT', '`4401`', 'demo: port of the local Iterable'),
    one('WAYBILL_SANDBOX_URL', 'none', 'demo: a local Iterable that runs already'),
    one('WAYBILL_PAGE_PORT', '`4402`', 'port of the page that `waybill serve` shows'),
    one(
      'WAYBILL_UPDATE_CASES',
      'none',
      '`1` writes what the [test kit](../packages/testing/README.md) got into the case files',
    ),
  ],
};

/** Every variable that Waybill reads. */
export const VARIABLES: readonly VariableGroup[] = [SERVER, ACCESS, LIMITS, TRACING, DEVELOPMENT];
