/** The pages of the site by their groups, in the order of reading. */
export declare const GROUPS: readonly (readonly [string, readonly string[]])[];
