# The command, for a machine that has no Node: `docker build -t repro .`, then in a project
#   docker run --rm -it -v "$PWD:/project" -u "$(id -u):$(id -g)" repro run
# Stages need their own programs: build from this image, and install them.
FROM node:22-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm ci && npm run pack && mv repro-*.tgz /repro.tgz

FROM node:22-bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git python3 \
    && rm -rf /var/lib/apt/lists/* \
    # The project belongs to a user that the image does not know.
    && git config --system --add safe.directory /project
COPY --from=build /repro.tgz /tmp/repro.tgz
RUN npm install --global --ignore-scripts /tmp/repro.tgz && rm /tmp/repro.tgz
ENV HOME=/tmp
WORKDIR /project
ENTRYPOINT ["repro"]
CMD ["--help"]
