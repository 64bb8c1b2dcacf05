/** placeholder */
export const withDiffTable = (page: string): string => page;
