# The desk in a small image: no torch, the model inside, no network at run time, no root.
FROM python:3.12-slim AS build
ARG EXTRAS=web,screen,documents
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE LICENSE-WORDNET NOTICE ./
COPY spindetect spindetect
COPY models models
COPY data/examples data/examples
RUN python -m venv /opt/spindetect \
 && /opt/spindetect/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt ".[$EXTRAS]" \
 && /opt/spindetect/bin/spindetect compare data/examples/spun.txt data/examples/original.txt

FROM python:3.12-slim
COPY --from=build /opt/spindetect /opt/spindetect
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin spindetect
ENV PATH=/opt/spindetect/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
ENTRYPOINT ["spindetect", "serve", "--host", "0.0.0.0", "--port", "8000"]
# Needs SPINDETECT_TOKEN or --token-file, since other machines can ask; --no-token does without.
CMD []
