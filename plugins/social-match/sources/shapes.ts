// What the fediverse answers, as far as it is used; anything else is no answer.
import { makeValidator, type Static, type TSchema, Type } from 'rostra/plugin';

/** JSON Resource Descriptor, RFC 7033, 4.4. */
const FingerSchema = Type.Object({
  subject: Type.Optional(Type.String()),
  links: Type.Optional(
    Type.Array(
      Type.Object({
        rel: Type.String(),
        type: Type.Optional(Type.String()),
        href: Type.Optional(Type.String()),
      }),
      { maxItems: 200 },
    ),
  ),
});
export type Finger = Static<typeof FingerSchema>;
export const isFinger = guardOf(FingerSchema);

/** An ActivityPub actor, https://www.w3.org/TR/activitypub/#actor-objects. */
const ActorSchema = Type.Object({
  id: Type.String(),
  type: Type.String(),
  preferredUsername: Type.String(),
  name: Type.Optional(Type.String()),
  summary: Type.Optional(Type.String()),
  url: Type.Optional(Type.Unknown()),
});
export type Actor = Static<typeof ActorSchema>;
export const isActor = guardOf(ActorSchema);

/** Mastodon's public account, https://docs.joinmastodon.org/entities/Account/. */
const AccountSchema = Type.Object({
  username: Type.String(),
  url: Type.String(),
  display_name: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  bot: Type.Optional(Type.Boolean()),
  group: Type.Optional(Type.Boolean()),
});
export type Account = Static<typeof AccountSchema>;
export const isAccount = guardOf(AccountSchema);

function guardOf<S extends TSchema>(schema: S): (value: unknown) => value is Static<S> {
  const check = makeValidator(schema);
  return (value): value is Static<S> => check(value).ok;
}
