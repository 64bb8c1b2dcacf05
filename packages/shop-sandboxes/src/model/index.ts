export type { Content, Deleted, Tables } from './base.ts';
export type { Change, Happenings, Silence, Traits } from './changes.ts';
export { createClock, type Clock } from './clock.ts';
export type * from './entities.ts';
export { shareOf, taxOn, totalsOf, withTax, type Totals } from './money.ts';
export { createPast, pastUuid, type Rows } from './past.ts';
export { randomOf, type Random } from './random.ts';
export { ShopModel } from './shop.ts';
