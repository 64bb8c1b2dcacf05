export { addBacklog, backlogMs } from './backlog.ts';
export { Day } from './day.ts';
export type { Furniture } from './furnish.ts';
export { PEOPLE, type Person } from './people.ts';
export { STORY, type Cast, type DayStep } from './story.ts';
