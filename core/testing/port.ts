// A port for a server of a test, which nobody else takes before it listens.
import { createServer, type Server } from 'node:net';

// Below the ports that systems give to outgoing connections and to whoever asks for any: one of those may be gone a moment later.
const [guards, ports, count] = [20_000, 26_000, 6_000];

/** Held until this process ends, against other tests, by a guard that listens beside it. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < count; tries += 1) {
    const at = Math.floor(Math.random() * count);
    const guard = await listen(guards + at);
    if (!guard) continue;
    const server = await listen(ports + at);
    if (server) {
      await new Promise((resolve) => server.close(resolve));
      guard.unref();
      return ports + at;
    }
    guard.close();
  }
  throw new Error(`No port from ${ports} on is free.`);
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      code === 'EADDRINUSE' ? resolve(undefined) : reject(new Error(`${code} on port ${port}`)),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
