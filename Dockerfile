# Untested where it was written (no Docker there): the grown set-up's image for web, worker and beat.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 CARECRM_DATA=/data
RUN useradd --system --create-home --uid 10001 carecrm \
    && install -d -o carecrm -g carecrm -m 0700 /data
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY --chown=root:root . .
USER carecrm
VOLUME /data
EXPOSE 8000

CMD ["gunicorn", "carecrm.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
