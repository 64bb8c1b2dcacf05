import type { StateSizes, StepReport } from '@waybill/delivery';
import type { ModuleStatus } from './containment/process.ts';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the server counts, and the text that Prometheus reads. */
export interface Metrics {
  accepted(sourceId: string, count: number): void;
  duplicate(sourceId: string, count: number): void;
  refused(code: string, count: number): void;
  step(step: StepReport): void;
  /** Dead letters that are gone, because a person has deleted them or because they expired. */
  lettersRemoved(destination: string, reason: 'deleted' | 'expired', count: number): void;
  /** A request that was answered. */
  answered(route: string, status: number, milliseconds: number): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** What is counted of a server as a whole. */
export interface WholeServer {
  readonly logBytes: number;
  readonly stateBytes: StateSizes;
  readonly doorClosed: boolean;
  readonly inFlightBytes: number;
  readonly connections: number;
  readonly droppedConnections: number;
  readonly droppedLogLines: number;
}

/** Metrics of a server as a whole: name, meaning, value. */
const WHOLE: readonly (readonly [string, string, (whole: WholeServer) => number])[] = [
  ['waybill_log_bytes', 'Bytes that the event log takes.', (one) => one.logBytes],
  [
    'waybill_door_closed',
    '1 while no events are taken, because of the disk or the backlog.',
    (one) => (one.doorClosed ? 1 : 0),
  ],
  ['waybill_admission_bytes', 'Bytes of request bodies in work.', (one) => one.inFlightBytes],
  ['waybill_connections', 'Connections that are open.', (one) => one.connections],
  [
    'waybill_connections_dropped',
    'Idle connections that were closed since the start because there were too many.',
    (one) => one.droppedConnections,
  ],
  [
    'waybill_log_lines_dropped',
    'Log lines of the accepting thread that found no room since the start.',
    (one) => one.droppedLogLines,
  ],
];

/** Buckets of what waits for destinations, in seconds. */
const LONG = [0.005, 0.02, 0.1, 0.5, 1, 5, 30];

/** Makes the metrics; `lanes` reads the position of each lane when Prometheus asks. */
export function createMetrics(
  lanes: () => readonly {
    readonly lane: string;
    readonly lag: number;
    readonly retrying: number;
    readonly deadLetters: number;
    readonly oldestRetryAt?: number;
  }[],
  whole: () => WholeServer,
  modules: () => readonly ModuleStatus[] = () => [],
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
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
    help: 'Events refused at the door, by reason.',
    labelNames: ['code'],
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
    help: 'Dead letters that are gone, by destination and reason: deleted by a person, or expired.',
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
    help: 'Duration of steps of a lane, from reading to the settled outcomes.',
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
  new Gauge({
    name: 'waybill_lane_retry_age_seconds',
    help: 'Time since the first failure of the item that has been waiting longest; 0 when none waits.',
    labelNames: ['destination'],
    registers,
    collect() {
      this.reset();
      for (const { lane, oldestRetryAt } of lanes()) {
        const age = oldestRetryAt === undefined ? 0 : (Date.now() - oldestRetryAt) / 1000;
        this.set({ destination: lane }, Math.max(0, age));
      }
    },
  });
  for (const [name, help, value] of WHOLE) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(whole()));
      },
    });
  }
  new Gauge({
    name: 'waybill_state_bytes',
    help: 'Bytes of the delivery state by kind; "free" is in the file to be used again.',
    labelNames: ['kind'],
    registers,
    collect() {
      for (const [kind, bytes] of Object.entries(whole().stateBytes)) this.set({ kind }, Number(bytes));
    },
  });
  new Gauge({
    name: 'waybill_module_up',
    help: 'Whether the process of a module of destinations runs.',
    labelNames: ['module'],
    registers,
    collect() {
      for (const { module, state } of modules()) this.set({ module }, state === 'running' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'waybill_module_restarts_total',
    help: 'How often the process of a module of destinations had to be started again.',
    labelNames: ['module'],
    registers,
    collect() {
      for (const { module, restarts } of modules()) this.set({ module }, restarts);
    },
  });
  const collect = function (this: Gauge, value: 'lag' | 'retrying' | 'deadLetters'): void {
    // A destination that was removed is not shown any more.
    this.reset();
    for (const lane of lanes()) this.set({ destination: lane.lane }, lane[value]);
  };
  for (const [name, help, value] of [
    ['waybill_lane_lag_events', 'Events in the log that a destination has not dealt with yet.', 'lag'],
    ['waybill_lane_waiting_items', 'Items that wait to be tried again or stand behind one.', 'retrying'],
    ['waybill_lane_dead_letters', 'Dead letters that have not been replayed.', 'deadLetters'],
  ] as const) {
    new Gauge({
      name,
      help,
      labelNames: ['destination'],
      registers,
      collect() {
        collect.call(this, value);
      },
    });
  }
  return {
    contentType: registry.contentType,
    accepted: (source, count) => accepted.inc({ source }, count),
    duplicate: (source, count) => duplicates.inc({ source }, count),
    refused: (code, count) => refused.inc({ code }, count),
    answered: (route, status, milliseconds) =>
      requestSeconds.observe({ route, status: String(status) }, milliseconds / 1000),
    step(step) {
      stepSeconds.observe({ destination: step.lane }, step.durationMs / 1000);
      for (const one of step.outcomes) {
        const { mappingId, status, code, count } = one;
        outcomes.inc({ destination: step.lane, mapping: mappingId, status, code }, count);
      }
      for (const call of step.calls) {
        const labels = { destination: step.lane, action: call.action };
        callItems.observe(labels, call.items);
        callSeconds.observe(labels, call.durationMs / 1000);
      }
    },
    lettersRemoved: (destination, reason, count) => letters.inc({ destination, reason }, count),
    text: () => registry.metrics(),
  };
}
