// The part of the public face that is about whom a text goes to.

/** One of the two. */
export interface Audience {
  /** Who subscribed, without any further choice. */
  newsletterId?: string | undefined;
  /** Who has the tag: a selection, which the law treats otherwise. */
  tagId?: string | undefined;
}

/** For a field in which one is chosen: newsletters, then tags. */
export interface AudienceGroup {
  label: string;
  options: { value: string; label: string }[];
}

/** As the field has it: `newsletter-3`, `tag-5`; empty while none is chosen. */
export function valueOfAudience({ newsletterId, tagId }: Audience): string {
  if (tagId) return `tag-${tagId}`;
  return newsletterId ? `newsletter-${newsletterId}` : '';
}

/** Of neither where the field holds nothing that it offers. */
export function audienceIn(value: string): Audience {
  const [, kind, id] = /^(newsletter|tag)-([1-9]\d{0,17})$/.exec(value) ?? [];
  if (!kind || !id) return {};
  return kind === 'tag' ? { tagId: id } : { newsletterId: id };
}
