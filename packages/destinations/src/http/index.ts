export { addressBelow, basicAuthorization } from './address.ts';
export {
  type Answer,
  connectionOf,
  type ItemResults,
  outcomeOf,
  outcomeOfFailure,
  outcomesOf,
  waitOf,
  wordsOf,
} from './answer.ts';
export { integersOf, isRecord, type JsonObject, sameJson, setOwn } from './json.ts';
export { withExchanges, withNotes } from './outcomes.ts';
export { signedRequest } from './connected.ts';
export { AccessTokens, type Granted, type TokenGrant, tokensOf } from './tokens.ts';
export { oneByOne, someAtATime } from './turns.ts';
