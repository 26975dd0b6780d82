FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src

# Dependencies first: this layer is built again only when a lock changes.
COPY requirements/run.txt requirements/build.txt requirements/
RUN python -m venv /opt/qinqing \
    && python -m venv /opt/build \
    && /opt/qinqing/bin/pip install --require-hashes -r requirements/run.txt \
    && /opt/build/bin/pip install --require-hashes -r requirements/build.txt

COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY app app
RUN /opt/build/bin/hatchling build --target wheel --directory dist \
    && /opt/qinqing/bin/pip install --no-deps dist/*.whl


FROM python:3.13-slim
ENV PATH=/opt/qinqing/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    QINQING_DATABASE_URL=sqlite:////var/lib/qinqing/qinqing.sqlite3
RUN useradd --uid 10001 --user-group --no-log-init --shell /usr/sbin/nologin --home-dir /var/lib/qinqing --create-home qinqing \
    && install --directory --mode=0700 --owner=10001 --group=10001 /srv/attachments
COPY --from=build /opt/qinqing /opt/qinqing
USER 10001:10001
WORKDIR /var/lib/qinqing
VOLUME /var/lib/qinqing
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["qinqing"]
CMD ["serve", "--host", "0.0.0.0"]
