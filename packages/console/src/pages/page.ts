import type { ComponentType } from 'react';
import type { TextKey } from '../i18n/catalogue.ts';

/** A page of the console, at a path below `/console`. */
export interface Page {
  /** `/destinations/$id`; its parameters come from `useParams`. */
  readonly path: string;
  /** Its link in the navigation; absent for pages linked elsewhere. */
  readonly nav?: { readonly text: TextKey; readonly order: number };
  /** Loads its component when it is needed. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}
