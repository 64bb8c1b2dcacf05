/** The content of a link to the review of a product. */
export interface ReviewLink {
  /** The key of the person. */
  readonly person: string;
  readonly orderId: string;
  readonly productId: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Serialises a link, to be signed. */
export function reviewLinkText({ person, orderId, productId, expiresAt }: ReviewLink): string {
  return JSON.stringify(['review', person, orderId, productId, expiresAt]);
}

/** Parses a link with a valid signature; undefined when it is not a link to a review. */
export function readReviewLink(text: string): ReviewLink | undefined {
  const [kind, person, orderId, productId, expiresAt] = partsIn(text);
  const isWhole = [person, orderId, productId].every((one) => typeof one === 'string');
  if (kind !== 'review' || !isWhole || !Number.isSafeInteger(expiresAt)) return undefined;
  return { person, orderId, productId, expiresAt } as ReviewLink;
}

function partsIn(text: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? (read as unknown[]) : [];
  } catch {
    return [];
  }
}
