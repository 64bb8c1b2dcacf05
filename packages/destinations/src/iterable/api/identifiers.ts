/** Normalises an address for case-insensitive comparison. */
export function normalEmail(address: string): string {
  return address.trim().toLowerCase();
}
