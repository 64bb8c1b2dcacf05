import { ADMISSION_LIMITS, type AdmissionLimits } from './admission/admission.ts';
import { CONTAINMENT, type ContainmentLimits } from './containment/process.ts';
import { RETENTION, type RetentionLimits } from './retention.ts';

/** The kinds of limits of a server. */
interface Limits {
  readonly retention: RetentionLimits;
  readonly limits: AdmissionLimits;
  readonly containment: ContainmentLimits;
}

/** A limit with an environment variable. */
export interface LimitVariable {
  readonly name: string;
  readonly of: keyof Limits;
  readonly member: string;
  /** The factor between the variable's unit and the limit's. */
  readonly times: number;
  /** The default in the variable's unit. */
  readonly default: number;
  /** The description after the name on a page. */
  readonly meaning: string;
}

/** Creates the variables of one kind of limit, with the current defaults. */
function variables<K extends keyof Limits>(
  of: K,
  defaults: Limits[K],
  rows: readonly (readonly [
    name: string,
    member: keyof Limits[K] & string,
    meaning: string,
    times?: number,
  ])[],
): readonly LimitVariable[] {
  return rows.map(([name, member, meaning, times = 1]) => ({
    name,
    of,
    member,
    times,
    default: Number(defaults[member]) / times,
    meaning,
  }));
}

/** Every limit with a variable, with its default. */
export const LIMIT_VARIABLES: readonly LimitVariable[] = [
  ...variables('retention', RETENTION, [
    ['WAYBILL_RETENTION_DAYS', 'days', 'days that events stay in the log; 0: forever'],
    [
      'WAYBILL_RETENTION_GB',
      'gigabytes',
      'maximum size of the log in gigabytes, beyond which the oldest events are removed; 0 for no limit',
    ],
    [
      'WAYBILL_OUTCOME_GB',
      'outcomeGigabytes',
      'maximum size of outcomes in gigabytes, beyond which the oldest events are removed with theirs; 0 for no limit',
    ],
    ['WAYBILL_DEAD_LETTER_DAYS', 'deadLetterDays', 'days that dead letters stay; 0: forever'],
    [
      'WAYBILL_DEAD_LETTER_GB',
      'deadLetterGigabytes',
      'maximum size of dead letters in gigabytes, beyond which the oldest are removed; 0 for no limit',
    ],
    [
      'WAYBILL_BACKLOG_GB',
      'backlogGigabytes',
      'maximum backlog of one destination in gigabytes, while others work; 0 for no limit',
    ],
  ]),
  ...variables('limits', ADMISSION_LIMITS, [
    [
      'WAYBILL_BACKLOG_EVENTS',
      'backlogEvents',
      'maximum backlog of one destination in events; 0 for no limit',
    ],
    [
      'WAYBILL_FREE_DISK_MB',
      'freeDiskMegabytes',
      'free disk space in megabytes below which no events are accepted',
    ],
    [
      'WAYBILL_IN_FLIGHT_MB',
      'inFlightMegabytes',
      'maximum size of concurrent request bodies in megabytes; one source gets half',
    ],
    [
      'WAYBILL_CONNECTIONS',
      'connections',
      'maximum number of open connections; beyond it, idle ones of the address with the most are closed',
    ],
  ]),
  ...variables('containment', CONTAINMENT, [
    [
      'WAYBILL_DESTINATION_MEMORY_MB',
      'memoryMegabytes',
      'maximum heap in megabytes of the process of a [module](containment.md)',
    ],
    [
      'WAYBILL_DESTINATION_TIMEOUT_SECONDS',
      'call',
      'maximum seconds that a call of an action may take, without its HTTP calls',
      1_000,
    ],
  ]),
];

/** Returns the limits of one kind that are set by variables; throws for a value that is not a number. */
export function limitsGiven<K extends keyof Limits>(
  of: K,
  env: (name: string) => string | undefined,
): Partial<Limits[K]> {
  const given = LIMIT_VARIABLES.flatMap((variable) => {
    const value = variable.of === of ? numberOf(variable.name, env(variable.name)) : undefined;
    return value === undefined ? [] : [[variable.member, value * variable.times]];
  });
  return Object.fromEntries(given) as Partial<Limits[K]>;
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} is "${text}"; it must be a number.`);
  return value;
}
