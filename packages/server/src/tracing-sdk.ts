import { randomBytes } from 'node:crypto';
import { trace } from '@opentelemetry/api';

/** The ids of a span. */
export interface Ids {
  readonly traceId: string;
  readonly spanId: string;
}

/** An SDK that runs in this thread. */
export interface TracingSdk {
  /** Calls `make` so that its root span has these IDs. */
  withIds<T>(ids: Ids, make: () => T): T;
  /** Flushes waiting spans, with a timeout of some seconds. */
  stop(): Promise<void>;
}

/** The used parts of `@opentelemetry/sdk-node`. */
interface SdkModule {
  readonly NodeSDK: new (options: object) => { start(): void; shutdown(): Promise<void> };
}

const PACKAGE: string = '@opentelemetry/sdk-node';

/** The timeout of a stop, in milliseconds. */
const PATIENCE = 3_000;

/** The SDK's value for keeping a span. */
const RECORD_AND_SAMPLED = 2;

/** The SDK's detectors except `process`: a command line can contain the password of a store. */
const DETECTORS = 'env,host,os,serviceinstance';

/** Starts the SDK, which is an optional package, and sends spans only. Logs what is missing; never throws. */
export async function startSdk(
  serviceName: string,
  warn: (message: string) => void,
): Promise<TracingSdk | undefined> {
  let given: Ids | undefined;
  try {
    // The name is in a variable, so that the build does not resolve it.
    const { NodeSDK } = (await import(PACKAGE)) as SdkModule;
    process.env['OTEL_NODE_RESOURCE_DETECTORS'] ??= DETECTORS;
    const sdk = new NodeSDK({
      serviceName,
      instrumentations: [],
      metricReaders: [],
      logRecordProcessors: [],
      // Events are sampled as a whole, by ID: everything here is sampled.
      sampler: { shouldSample: () => ({ decision: RECORD_AND_SAMPLED }), toString: () => 'Waybill' },
      idGenerator: {
        generateTraceId: () => given?.traceId ?? randomBytes(16).toString('hex'),
        generateSpanId: () => given?.spanId ?? randomBytes(8).toString('hex'),
      },
    });
    sdk.start();
    return {
      withIds(ids, make) {
        given = ids;
        try {
          return make();
        } finally {
          given = undefined;
        }
      },
      async stop() {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, PATIENCE);
        await Promise.race([sdk.shutdown().catch((error: unknown) => warn(String(error))), promise]);
        clearTimeout(timer);
        // A later server in the same process starts the SDK again.
        trace.disable();
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warn(`Tracing is enabled, but the SDK does not load; install ${PACKAGE} next to Waybill. ${reason}`);
    return undefined;
  }
}
