export { PLATFORMS, type Platform } from './platform.ts';
