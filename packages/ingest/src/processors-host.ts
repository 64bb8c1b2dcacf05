/* Only what the processors thread needs from this package. */
export { processors } from './processors.ts';
export { createProcessorsHost, type ProcessorsHostInput } from './processors/remote/host.ts';
export { createLinks } from './reviews/links.ts';
