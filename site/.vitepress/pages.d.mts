/** What a page, or a link to one, is called on the site. */
export declare function builtFrom(page: string): string;
/** The pages of the site by their groups, in the order of reading. */
export declare const GROUPS: readonly (readonly [string, readonly string[]])[];
