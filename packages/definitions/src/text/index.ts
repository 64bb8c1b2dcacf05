export { formatPlace, parsePlace, type Place } from './place.ts';
export {
  at,
  type DuplicateKey,
  duplicateKeys,
  type JsonFault,
  jsonSource,
  type Position,
  positionOf,
  type Source,
} from './source.ts';
