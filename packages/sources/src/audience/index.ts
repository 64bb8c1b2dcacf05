import { defineSource } from '@waybill/core';
import { readAudience } from './read.ts';
import { audienceSettings } from './settings.ts';
import type { Standing } from './standing.ts';

export { AudienceError } from './engine.ts';
export { keepFolders } from './folder.ts';
export {
  type AudienceStanding,
  audienceStanding,
  dryRunAudience,
  type RunTold,
  wishAudience,
} from './operations.ts';

/** The slug of audience sources. */
export const AUDIENCE = 'audience';

/** The stream of audience sources. */
export const AUDIENCE_STREAM = 'members';

/** The members of an audience, from a file or a database query: new, changed and deleted rows since the last run. */
export const audience = defineSource<typeof audienceSettings, { [AUDIENCE_STREAM]: Standing }>({
  slug: AUDIENCE,
  name: 'Audience',
  description:
    'Rows of a file or of a PostgreSQL database, compared with the previous run: members that were added, changed or removed.',
  settings: audienceSettings,
  streams: {
    [AUDIENCE_STREAM]: {
      title: 'Members',
      description: 'Rows that were added, changed or removed.',
      every: 2,
      read: ({ cursor }, context) => readAudience(cursor, context),
    },
  },
});
