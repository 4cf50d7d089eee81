# What `npm start` runs, for a party that hosts it with Docker. glibc: the embedded PostgreSQL needs it.
FROM node:24-bookworm-slim AS packages
WORKDIR /rostra
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 ROSTRA_DATA=/data
WORKDIR /rostra
COPY --from=packages /rostra/node_modules node_modules
COPY package.json tsconfig.json LICENSE ./
COPY core core
COPY migrations migrations
COPY plugins plugins
COPY themes themes
RUN mkdir /data && chown node:node /data
# A user with a name: neither PostgreSQL nor Node runs as a number that the system does not know.
USER node
VOLUME /data
EXPOSE 3000
# Run with --init: it reaps what PostgreSQL leaves behind.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--import", "tsx", "core/main.ts"]
