import type { StateSizes, StepReport } from '@waybill/delivery';
import type { ModuleStatus } from './containment/process.ts';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The counters of the server, and their Prometheus output. */
export interface Metrics {
  accepted(sourceId: string, count: number): void;
  duplicate(sourceId: string, count: number): void;
  refused(code: string, count: number): void;
  /** Counts a violation of the plan of a source. */
  violation(sourceId: string, code: string, done: string): void;
  step(step: StepReport): void;
  /** Counts dead letters that were deleted or expired. */
  lettersRemoved(destination: string, reason: 'deleted' | 'expired', count: number): void;
  /** Counts a thread that ended unexpectedly. */
  threadEnded(thread: 'delivery' | 'processors'): void;
  /** Counts an answered request. */
  answered(route: string, status: number, milliseconds: number): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** The values of a server as a whole. */
export interface WholeServer {
  readonly logBytes: number;
  readonly stateBytes: StateSizes;
  readonly admissionClosed: boolean;
  readonly inFlightBytes: number;
  readonly connections: number;
  readonly droppedConnections: number;
  readonly droppedLogLines: number;
}

/** The values of one destination. */
export interface DestinationCounts {
  readonly destination: string;
  readonly lag: number;
  readonly retrying: number;
  readonly deadLetters: number;
  /** Epoch milliseconds. */
  readonly oldestRetryAt?: number;
}

/** Metrics of each destination: name, meaning, value. */
const BY_DESTINATION: readonly (readonly [string, string, (one: DestinationCounts) => number])[] = [
  [
    'waybill_destination_lag_events',
    'Events in the log that a destination has not processed yet.',
    (one) => one.lag,
  ],
  [
    'waybill_destination_waiting_items',
    'Items that wait for a retry, or behind such an item.',
    (one) => one.retrying,
  ],
  ['waybill_destination_dead_letters', 'Dead letters that have not been replayed.', (one) => one.deadLetters],
  [
    'waybill_destination_retry_age_seconds',
    'Time since the first failure of the item that has been waiting longest; 0 when none waits.',
    ({ oldestRetryAt }) =>
      oldestRetryAt === undefined ? 0 : Math.max(0, (Date.now() - oldestRetryAt) / 1000),
  ],
];

/** The same under the names of the previous release, for one release. */
const FORMERLY = BY_DESTINATION.map(
  ([name, , value]) => [name.replace('_destination_', '_lane_'), `Deprecated: use ${name}.`, value] as const,
);

/** Metrics of a server as a whole: name, meaning, value. */
const WHOLE: readonly (readonly [string, string, (whole: WholeServer) => number])[] = [
  ['waybill_log_bytes', 'Size of the event log in bytes.', (one) => one.logBytes],
  [
    'waybill_admission_closed',
    '1 while no events are accepted, because of the disk or the backlog.',
    (one) => (one.admissionClosed ? 1 : 0),
  ],
  ['waybill_admission_bytes', 'Bytes of request bodies in progress.', (one) => one.inFlightBytes],
  ['waybill_connections', 'Connections that are open.', (one) => one.connections],
  [
    'waybill_connections_dropped',
    'Idle connections that were closed since the start because there were too many.',
    (one) => one.droppedConnections,
  ],
  [
    'waybill_log_lines_dropped',
    'Log lines of the accepting thread that were dropped since the start.',
    (one) => one.droppedLogLines,
  ],
];

/** `waybill_admission_closed` under the name of the previous release, for one release. */
const DOOR: (typeof WHOLE)[number] = [
  'waybill_door_closed',
  'Deprecated: use waybill_admission_closed.',
  (one) => (one.admissionClosed ? 1 : 0),
];

/** Buckets of waiting times for destinations, in seconds. */
const LONG = [0.005, 0.02, 0.1, 0.5, 1, 5, 30];

/** Gauges of the library with names of counters; each is the sum of one by types. */
const SUMS = ['handles', 'requests', 'resources'].map((noun) => `nodejs_active_${noun}_total`);

/** Creates the metrics; `destinations` reads the status of each at a scrape. */
export function createMetrics(
  destinations: () => Promise<readonly DestinationCounts[]>,
  whole: () => Promise<WholeServer>,
  modules: () => readonly ModuleStatus[] = () => [],
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of SUMS) registry.removeSingleMetric(name);
  const registers = [registry];
  const accepted = new Counter({
    name: 'waybill_events_accepted_total',
    help: 'Events made durable.',
    labelNames: ['source'],
    registers,
  });
  const duplicates = new Counter({
    name: 'waybill_events_duplicate_total',
    help: 'Events dropped because their messageId was in the log.',
    labelNames: ['source'],
    registers,
  });
  const refused = new Counter({
    name: 'waybill_events_refused_total',
    help: 'Events refused at admission, by reason.',
    labelNames: ['code'],
    registers,
  });
  const violations = new Counter({
    name: 'waybill_tracking_plan_violations_total',
    help: 'Violations of the tracking plan of a source, by source, reason and handling.',
    labelNames: ['source', 'code', 'done'],
    registers,
  });
  const outcomes = new Counter({
    name: 'waybill_outcomes_total',
    help: 'Outcomes of attempts, by destination, mapping, status and reason.',
    labelNames: ['destination', 'mapping', 'status', 'code'],
    registers,
  });
  const letters = new Counter({
    name: 'waybill_dead_letters_removed_total',
    help: 'Removed dead letters, by destination and reason: deleted by a person, or expired.',
    labelNames: ['destination', 'reason'],
    registers,
  });
  const callItems = new Histogram({
    name: 'waybill_call_items',
    help: 'Items per call to a destination.',
    labelNames: ['destination', 'action'],
    buckets: [1, 2, 5, 10, 50, 100, 500, 1000],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'waybill_call_duration_seconds',
    help: 'Duration of calls to a destination.',
    labelNames: ['destination', 'action'],
    buckets: LONG,
    registers,
  });
  const stepSeconds = new Histogram({
    name: 'waybill_step_duration_seconds',
    help: 'Duration of steps of delivery, from reading to the settled outcomes.',
    labelNames: ['destination'],
    buckets: LONG,
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'waybill_request_duration_seconds',
    help: 'Duration of requests to this server, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 1, 5],
    registers,
  });
  for (const [name, help, value] of [...WHOLE, DOOR]) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(value(await whole()));
      },
    });
  }
  new Gauge({
    name: 'waybill_state_bytes',
    help: 'Bytes of the delivery state by kind; "free" is unused space in the file.',
    labelNames: ['kind'],
    registers,
    async collect() {
      const { stateBytes } = await whole();
      for (const [kind, bytes] of Object.entries(stateBytes)) this.set({ kind }, Number(bytes));
    },
  });
  const threadRestarts = new Counter({
    name: 'waybill_thread_restarts_total',
    help: 'How often a thread of the server ended unexpectedly and was restarted.',
    labelNames: ['thread'],
    registers,
  });
  for (const thread of ['delivery', 'processors']) threadRestarts.inc({ thread }, 0);
  new Gauge({
    name: 'waybill_module_up',
    help: 'Whether the process of a module of destinations runs.',
    labelNames: ['module'],
    registers,
    collect() {
      for (const { module, state } of modules()) this.set({ module }, state === 'running' ? 1 : 0);
    },
  });
  new Counter({
    name: 'waybill_module_restarts_total',
    help: 'How often the process of a destination module was restarted.',
    labelNames: ['module'],
    registers,
    collect() {
      this.reset();
      for (const { module, restarts } of modules()) this.inc({ module }, restarts);
    },
  });
  for (const [name, help, value] of [...BY_DESTINATION, ...FORMERLY]) {
    new Gauge({
      name,
      help,
      labelNames: ['destination'],
      registers,
      async collect() {
        const all = await destinations();
        // A removed destination is no longer shown.
        this.reset();
        for (const one of all) this.set({ destination: one.destination }, value(one));
      },
    });
  }
  return {
    contentType: registry.contentType,
    accepted: (source, count) => accepted.inc({ source }, count),
    duplicate: (source, count) => duplicates.inc({ source }, count),
    refused: (code, count) => refused.inc({ code }, count),
    violation: (source, code, done) => violations.inc({ source, code, done }),
    threadEnded: (thread) => threadRestarts.inc({ thread }),
    answered: (route, status, milliseconds) =>
      requestSeconds.observe({ route, status: String(status) }, milliseconds / 1000),
    step(step) {
      stepSeconds.observe({ destination: step.destination }, step.durationMs / 1000);
      for (const one of step.outcomes) {
        const { mappingId, status, code, count } = one;
        outcomes.inc({ destination: step.destination, mapping: mappingId, status, code }, count);
      }
      for (const call of step.calls) {
        const labels = { destination: step.destination, action: call.action };
        callItems.observe(labels, call.items);
        callSeconds.observe(labels, call.durationMs / 1000);
      }
    },
    lettersRemoved: (destination, reason, count) => letters.inc({ destination, reason }, count),
    text: () => registry.metrics(),
  };
}
