// The public face of email: it binds a channel of outreach, and has nothing more to ask of it.
declare module 'rostra/plugin' {
  interface EventPayloads {
    /** An answer to a letter of the hearer's own came to a mailbox of an organization above. */
    'email.answer.came': { answerId: string };
    /** Staff of an organization above wrote back to an answer of the hearer's own. */
    'email.answer.replied': { replyId: string };
  }
}

export {};
