export { openStores } from './stores.ts';
