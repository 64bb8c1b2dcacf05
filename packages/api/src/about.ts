import { ISSUE } from './issues.ts';
import { members, route } from './route.ts';
import { among, AT, list, named, number, object, text, type TypeOf, typed, whole, yes } from './schema.ts';
import { DIFFERENCE } from './versions.ts';
import type { ShownWorkspace } from './workspace.ts';

const ABOUT = named(
  'About',
  object({
    version: text(),
    node: text({ description: 'The version of Node.js.' }),
    startedAt: AT,
    demo: yes(),
    adminTokenFixed: { ...yes(), description: 'Whether the admin token is set by an environment variable.' },
    retention: typed<Readonly<Record<RetentionLimit, number>>>({
      ...object({
        days: number(),
        gigabytes: number(),
        backlogGigabytes: number(),
        outcomeGigabytes: number(),
        deadLetterDays: number(),
        deadLetterGigabytes: number(),
      }),
      description: 'How long data is kept; 0 for no limit.',
    }),
    limits: typed<Readonly<Record<Limit, number>>>({
      ...object({
        eventBytes: whole(),
        batchBytes: whole(),
        inFlightMegabytes: number(),
        senderShare: number(),
        freeDiskMegabytes: number(),
        backlogEvents: number(),
        connections: number(),
      }),
      description: 'The limit beyond which nothing is accepted; 0 for no limit.',
    }),
  }),
);
type RetentionLimit =
  'days' | 'gigabytes' | 'backlogGigabytes' | 'outcomeGigabytes' | 'deadLetterDays' | 'deadLetterGigabytes';
type Limit =
  | 'eventBytes'
  | 'batchBytes'
  | 'inFlightMegabytes'
  | 'senderShare'
  | 'freeDiskMegabytes'
  | 'backlogEvents'
  | 'connections';

const PLAN = named(
  'WorkspacePlan',
  object({
    changes: list(DIFFERENCE),
    text: text({ description: 'The same, a line for each change.' }),
    issues: list(ISSUE, { description: 'The errors that would make the server refuse it.' }),
    impact: list(
      object({
        destination: text(),
        what: among(['added', 'removed', 'changed']),
        lag: whole({ description: 'Events not yet processed.' }),
        retrying: whole({ description: 'Items that wait for a retry.' }),
        deadLetters: whole(),
      }),
      { description: 'The destinations that it changes, and their pending items.' },
    ),
  }),
);

/** The properties of a server: its version, limits and retention. */
export type About = TypeOf<typeof ABOUT>;

/** The changes that another workspace would make. */
export type WorkspacePlan = TypeOf<typeof PLAN>;

/** Routes of the server itself, and of previews of another workspace. */
export const ABOUT_ROUTES = {
  'GET /api/about': route({
    does: 'The version of the server, its limits and its retention.',
    answer: ABOUT,
  }),
  'POST /api/workspace/plan': route({
    does: 'What another workspace would change, and the errors that would make the server refuse it; changes nothing.',
    body: members({}, { workspace: typed<ShownWorkspace>({ type: 'object' }) }),
    role: 'read',
    answer: PLAN,
  }),
} as const;
