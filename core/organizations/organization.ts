// The party and its chapters: one row each, in a tree.

export interface Organization {
  readonly id: string;
  readonly parentId: string | undefined;
  /** Ids from the root down, joined by dots (an ltree). */
  readonly path: string;
  /** Names the chapter in addresses: `/admin/@lyon/…`. */
  readonly slug: string;
  readonly name: string;
  /** Id of the pack in force: its own or the nearest ancestor's. */
  readonly jurisdiction: string;
  readonly locale: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly legal: LegalIdentity;
}

/** Who answers for the data and the site; nothing public and no message before it is complete. */
export interface LegalIdentity {
  /** Registered name of the controller. */
  controller?: string;
  address?: string;
  /** E-mail for data matters. */
  contact?: string;
  publicationDirector?: string;
  /** Name, address and telephone of who hosts the site. */
  host?: string;
}
