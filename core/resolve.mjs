// Leads an outside plugin's imports of `rostra/*`, and of packages it has not brought, to this checkout.
const host = new URL('../package.json', import.meta.url).href;

export async function resolve(specifier, context, nextResolve) {
  const isOurs = specifier.startsWith('rostra/');
  if (isOurs) return nextResolve(specifier, { ...context, parentURL: host });
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    const isBare = !/^(\.|\/|[a-z]+:)/.test(specifier);
    if (!isBare || error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return nextResolve(specifier, { ...context, parentURL: host });
  }
}
