# The image of Rostra, for a party that hosts it with Docker. glibc: the embedded PostgreSQL needs it.
ARG NODE=24
FROM node:${NODE}-bookworm-slim AS packages
WORKDIR /rostra
COPY package.json package-lock.json ./
# No package needs its install script: nobody else's code runs while the image is built.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:${NODE}-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 ROSTRA_DATA=/data ROSTRA_BACKUPS=/backups
WORKDIR /rostra
COPY --from=packages /rostra/node_modules node_modules
COPY package.json LICENSE ./
COPY core core
COPY migrations migrations
COPY plugins plugins
COPY themes themes
# Types are blanked here, once: whoever runs it cannot write there and would do it again at each start.
RUN node --input-type=module -e "import { globSync } from 'node:fs'; import { pathToFileURL } from 'node:url'; import { load } from '/rostra/core/strip.mjs'; for (const file of globSync('/rostra/{core,migrations,plugins}/**/*.ts')) load(pathToFileURL(file).href)"
# The program stays root's, so it cannot change itself; what it writes lies in two volumes.
RUN ln -s /rostra/core/bin.mjs /usr/local/bin/rostra \
  && mkdir /data /backups && chown node:node /data /backups && chmod 700 /data /backups
# A user with a name: neither PostgreSQL nor Node runs as a number that the system does not know.
USER node
VOLUME ["/data", "/backups"]
EXPOSE 3000
# Run with --init: it reaps what PostgreSQL leaves behind.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "./core/typescript.mjs", "core/main.ts"]
