/** A static list. Who is on it is told by the list field of the profiles, the only copy of that fact. */
export interface UserList {
  readonly id: number;
  readonly name: string;
  readonly description: string | undefined;
  /** Milliseconds, although the published description has a 32-bit number here. */
  readonly createdAt: number;
}
