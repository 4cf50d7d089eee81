// Postal addresses: what they are made of, and how they stand on one line.
import { countryName, type Scope } from 'rostra/plugin';

export const postFields = ['line1', 'line2', 'postcode', 'locality', 'region', 'country'] as const;
export type PostalValues = Record<(typeof postFields)[number], string | null>;

/** The country as it stands there. */
export function lineOfPost(post: PostalValues): string {
  const town = [post.postcode, post.locality].filter(Boolean).join(' ');
  return [post.line1, post.line2, town, post.region, post.country].filter(Boolean).join(', ');
}

/** The country by its name, in the reader's language. */
export function postInWords(scope: Scope, post: PostalValues): string {
  const country = post.country && countryName(post.country, scope.locale);
  return lineOfPost({ ...post, country });
}
