// The name of an account as people write it, made `user@host`.

const written = /^@?([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)@([a-z0-9.-]+(?::\d{1,5})?)$/i;
const profilePath = /^\/@([^/@]+)$|^\/users\/([^/@]+)$/;

/** Of `@user@host`, `user@host` or the address of a profile; `undefined` when it is none. */
export function parseHandle(text: string): string | undefined {
  const found = written.exec(handleOfAddress(text.trim()));
  const [, user = '', host = ''] = found ?? [];
  const hasHost = host !== '' && URL.canParse(`https://${host}`) && /\.|^localhost/.test(host);
  return hasHost && user.length <= 64 ? `${user}@${host.toLowerCase()}` : undefined;
}

function handleOfAddress(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return text;
  const { pathname, host } = new URL(text);
  const [, short, long] = profilePath.exec(pathname) ?? [];
  return `${short ?? long ?? ''}@${host}`;
}

export function hostOf(handle: string): string {
  return handle.slice(handle.indexOf('@') + 1);
}
