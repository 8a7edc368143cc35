# docker build --tag restore-ready .
# docker run --rm --volume "$PWD:/work:ro" restore-ready scan
#
# Pinned by digest. `docker buildx imagetools inspect python:3.13.15-slim-trixie` prints the present one. Alpine does as
# well: --build-arg BASE=python:3.13.15-alpine@sha256:…; every package has wheels for musl, on x86-64 and ARM.
ARG BASE=python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${BASE} AS build
WORKDIR /source
COPY tools/runtime.txt ./
RUN python3 -I -m venv /opt/restore-ready \
 && /opt/restore-ready/bin/python -I -m pip install --no-cache-dir --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY custom_checks custom_checks
COPY rules rules
RUN /opt/restore-ready/bin/python -I -m pip install --no-cache-dir --disable-pip-version-check \
    --no-index --no-deps --no-build-isolation . \
 && /opt/restore-ready/bin/python -I -m pip uninstall --quiet --yes setuptools pip

FROM ${BASE}
COPY --from=build /opt/restore-ready /opt/restore-ready
ENV PATH=/opt/restore-ready/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp
WORKDIR /work
USER 65532:65532
HEALTHCHECK NONE
ENTRYPOINT ["/opt/restore-ready/bin/restore-ready"]
CMD ["--help"]
