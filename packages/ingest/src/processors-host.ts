/* What the processors thread needs of this package, and nothing else. */
export { processors } from './processors.ts';
export { createProcessorsHost, type ProcessorsHostInput } from './processors/remote/host.ts';
export { createLinks } from './reviews/links.ts';
