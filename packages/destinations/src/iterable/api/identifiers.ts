/** Identifiers as they are compared: addresses without regard to case. */
export function normalEmail(address: string): string {
  return address.trim().toLowerCase();
}
