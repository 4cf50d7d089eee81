// Addresses that lead nowhere by definition: RFC 2606 and RFC 6761 keep their domains for examples and tests.

const names = /(^|\.)(example\.(com|net|org)|example|test|invalid|localhost)$/i;

export function isReserved(address: string): boolean {
  return names.test(address.slice(address.lastIndexOf('@') + 1).replace(/\.$/, ''));
}

/** A server on this machine, as tests have: it sees that nothing leaves. */
export function isLoopback(server: string): boolean {
  const host = hostnameOf(server);
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** An IPv6 address stands without its brackets. */
export function hostnameOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
