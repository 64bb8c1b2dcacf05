/** What comparing one path came to. */
export interface Side {
  runs: number;
  /** Requests of ours. */
  requests: number;
  /** Runs in which upstream made a request, and more than one. */
  speaking: number;
  chained: number;
  /** Runs with the same requests. */
  equal: number;
  /** Runs with other requests, by reason. */
  readonly listed: Record<string, number>;
  /** Of the runs with the same requests: compared outcomes, the same ones, others by reason. */
  outcomes: number;
  sameOutcomes: number;
  readonly listedOutcomes: Record<string, number>;
  /** Differences that no reason explains. */
  readonly findings: unknown[];
}

/** What is around the actions of a definition. */
export type AroundKind = 'choices' | 'hook' | 'deletion' | 'audience';

/** What comparing one kind of it came to. */
export interface Around {
  /** Questions: fields with choices, hooks, definitions that delete. */
  asked: number;
  /** Each of them in every mood of the destination. */
  runs: number;
  /** Runs in which upstream made a request. */
  speaking: number;
  sameRequests: number;
  /** Of those with the same requests: runs that came to the same. */
  sameAnswers: number;
  readonly listed: Record<string, number>;
  /** Differences that no reason explains. */
  readonly findings: unknown[];
}

/** Nothing compared yet. */
export function newAround(): Around {
  return { asked: 0, runs: 0, speaking: 0, sameRequests: 0, sameAnswers: 0, listed: {}, findings: [] };
}

/** What the comparison came to. */
export interface Result {
  definitions: number;
  actions: number;
  actionsWithPreset: number;
  cases: number;
  readonly kinds: Record<'preset' | 'completed' | 'default' | 'mode' | 'hooked', number>;
  /** Cases whose trigger no generated event matches. */
  readonly noEvent: string[];
  readonly touched: Set<string>;
  readonly presetActions: Set<string>;
  /** Actions of which at least one run made the same requests on both sides, and made one. */
  readonly compared: Set<string>;
  /** Actions that never made a request on either side, with their last message. */
  readonly silent: Record<string, string>;
  /** Definitions that open their own connections. */
  readonly connecting: Record<string, string>;
  readonly sides: { readonly single: Side; readonly batch: Side };
  /** The same for other sync modes, and with what hooks have made. */
  readonly variants: { readonly single: Side; readonly batch: Side };
  readonly around: Record<AroundKind, Around>;
  /** When definitions want the members of audiences, by slug: as published, and as ours say it in the interchange format. */
  readonly audienceModes: Record<string, { readonly theirs: unknown; readonly ours: unknown }>;
  seconds: number;
}

function newSide(): Side {
  return {
    runs: 0,
    requests: 0,
    speaking: 0,
    chained: 0,
    equal: 0,
    listed: {},
    outcomes: 0,
    sameOutcomes: 0,
    listedOutcomes: {},
    findings: [],
  };
}

/** A result with nothing in it. */
export function newResult(): Result {
  const listable = (): Set<string> =>
    Object.assign(new Set<string>(), {
      toJSON(this: Set<string>) {
        return [...this];
      },
    });
  return {
    definitions: 0,
    actions: 0,
    actionsWithPreset: 0,
    cases: 0,
    kinds: { preset: 0, completed: 0, default: 0, mode: 0, hooked: 0 },
    noEvent: [],
    touched: listable(),
    presetActions: listable(),
    compared: listable(),
    silent: {},
    connecting: {},
    sides: { single: newSide(), batch: newSide() },
    variants: { single: newSide(), batch: newSide() },
    audienceModes: {},
    around: { choices: newAround(), hook: newAround(), deletion: newAround(), audience: newAround() },
    seconds: 0,
  };
}
