/** A static list. Its members are stored only in the list field of profiles. */
export interface UserList {
  readonly id: number;
  readonly name: string;
  readonly description: string | undefined;
  /** Milliseconds, although the published description has a 32-bit number here. */
  readonly createdAt: number;
}
