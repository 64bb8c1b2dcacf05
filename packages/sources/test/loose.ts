// Loosely typed access: tests know the shapes, and types would repeat them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;
