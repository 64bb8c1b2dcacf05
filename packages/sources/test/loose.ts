// Tests read what they know the shape of: typing it would say it a second time.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;
