import type { Base } from './base.ts';
import type { Review } from './entities.ts';

/** Reviews of products. */
export class Reviews {
  readonly #base: Base;

  constructor(base: Base) {
    this.#base = base;
  }

  /** Adds a review, pending approval. */
  write(
    input: Pick<Review, 'productId' | 'rating' | 'title' | 'body'> & { readonly orderId: number },
  ): Review {
    const { storeId, customerId, email, firstName, lastName } = this.#base.tables.order.get(input.orderId);
    const author = `${firstName} ${lastName}`;
    return this.#base.insert('review', { ...input, storeId, customerId, email, author, status: 'pending' });
  }

  /** Approves or rejects a review. */
  judge(id: number, status: 'approved' | 'rejected'): Review {
    return this.#base.update('review', id, 'updated', { status });
  }

  /** Deletes one. */
  delete(id: number): void {
    this.#base.remove('review', id);
  }
}
