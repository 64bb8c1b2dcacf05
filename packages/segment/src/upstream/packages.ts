import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { MultiStatus, RequestClient, RequestOptions } from './types.ts';

const require = createRequire(import.meta.url);

/** The package with the published definitions. */
const DEFINITIONS = '@segment/action-destinations';

/** The package with the framework they are written for. */
const FRAMEWORK = '@segment/actions-core';

/** Segment's packages are not installed, or not in a known form. */
export class UpstreamMissingError extends Error {
  constructor(what: string, cause?: unknown) {
    super(
      `${what} To run definitions published for Segment, install their packages: npm install ${DEFINITIONS}@3.497.0 ${FRAMEWORK}@3.170.0 liquidjs xml-js, with "overrides": { "fast-uri": "3.1.5" } in package.json.`,
      cause === undefined ? undefined : { cause },
    );
    this.name = 'UpstreamMissingError';
  }
}

type ErrorClass<A extends readonly unknown[]> = new (...args: A) => Error;

/** The parts of the framework that Waybill uses: its client and the classes that definitions check for. */
export interface Framework {
  readonly createRequestClient: (...options: readonly RequestOptions[]) => RequestClient;
  readonly resolveAudienceMembership: (event: unknown, syncMode: string | undefined) => boolean | undefined;
  readonly MultiStatusResponse: new () => MultiStatus & {
    setSuccessResponseAtIndex(index: number, response: object): void;
    setErrorResponseAtIndex(index: number, response: object): void;
  };
  readonly IntegrationError: ErrorClass<[message: string, code: string, status: number]>;
  readonly RetryableError: ErrorClass<[message: string, status: number]>;
  readonly InvalidAuthenticationError: ErrorClass<[message: string]>;
  readonly PayloadValidationError: ErrorClass<[message: string]>;
  readonly Response: new (body: string | null, init: object) => object;
}

/** The only module of the framework that accesses the network. */
export interface FetchModule {
  default: (input: unknown, init?: unknown) => Promise<unknown>;
}

/** Returns the folder of the published definitions; throws UpstreamMissingError when the package is not installed. */
export function definitionsFolder(): string {
  return join(dirname(resolve(DEFINITIONS)), 'destinations');
}

/** Loads a module of the published definitions. */
export function loadModule(file: string): unknown {
  return require(file);
}

interface Copy {
  readonly framework: Framework;
  readonly fetchModule: FetchModule;
}

let copy: Copy | undefined;

/** Loads the copy of the framework that the published definitions use, because they check errors by class. */
export function loadFramework(): Copy {
  if (copy !== undefined) return copy;
  const file = resolveFramework();
  try {
    const framework = require(file) as Framework;
    const fetchModule = require(join(dirname(file), 'fetch.js')) as FetchModule;
    copy = { framework, fetchModule };
    return copy;
  } catch (error) {
    throw new UpstreamMissingError(`${FRAMEWORK} cannot be loaded.`, error);
  }
}

function resolveFramework(): string {
  let from: NodeJS.Require = require;
  try {
    from = createRequire(require.resolve(DEFINITIONS));
  } catch {
    // The framework alone is enough to export and to adapt custom definitions.
  }
  try {
    return from.resolve(FRAMEWORK);
  } catch (error) {
    throw new UpstreamMissingError(`${FRAMEWORK} is not installed.`, error);
  }
}

function resolve(name: string): string {
  try {
    return require.resolve(name);
  } catch (error) {
    throw new UpstreamMissingError(`${name} is not installed.`, error);
  }
}
