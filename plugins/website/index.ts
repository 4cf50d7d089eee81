// The public face of website: what other plugins may hear from it.

declare module 'rostra/plugin' {
  interface EventPayloads {
    'website.page.published': { pageId: string };
    /** Somebody signed up and confirmed it from the mailbox. */
    'website.submission.confirmed': { submissionId: string; personId: string };
  }
}

export type {};
