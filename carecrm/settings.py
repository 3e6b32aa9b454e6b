"""Settings: every value comes from the environment or has a default that works on a laptop.

`manage.py check_config` lists each variable, its value and what is wrong with it.
"""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from carecrm.data_folder import data_folder, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_FOLDER = data_folder(env.str("CARECRM_DATA", str(BASE_DIR / "var")))
LANGUAGE_FOLDERS = tuple(Path(folder) for folder in [env.str("CARECRM_LANGUAGE", "")] if folder)
SECRET_KEY = env.str("CARECRM_SECRET_KEY", "") or secret_key(DATA_FOLDER)
DEBUG = env.bool("CARECRM_DEBUG", False)
ALLOWED_HOSTS = env.list("CARECRM_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CARECRM_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("CARECRM_BEHIND_TLS", False)

INSTALLED_APPS = [
    "carecrm",
    "apps.desk",
    "apps.integrations",
    "apps.demo",
    "apps.apologies",
    "apps.feedback",
    "apps.campaigns",
    "apps.worklist",
    "apps.outreach",
    "apps.effort",
    "apps.customers",
    "apps.writing",
    "apps.accounts",
    "apps.core",
    "allauth",
    "allauth.account",
    "csp",
    "django_celery_beat",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "carecrm.urls"
WSGI_APPLICATION = "carecrm.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["apps.core.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.desk.context.frame",
            ],
        },
    }
]

SQLITE_URL = f"sqlite:///{DATA_FOLDER / 'carecrm.sqlite3'}"
DATABASE_URL = env.str("DATABASE_URL", "") or SQLITE_URL
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "carecrm.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA busy_timeout=0;",  # from here on the cursor waits
    }
else:
    DATABASES["default"]["NAME"] = DATABASES["default"]["NAME"] or "carecrm"
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts: private by default, sign-in by e-mail, nobody signs up by themselves
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "apps.accounts.adapter.ClosedSignup"
ACCOUNT_FORMS = {"login": "apps.accounts.forms.door.DoorForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^(health|ready)z$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SILENCED_SYSTEM_CHECKS = [
    "security.W005",
    "security.W021",
]  # HSTS for subdomains is for their owner to choose
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Celery: the row is the truth, a task is only a nudge
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "") or "djangodb://"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_LOST_WAIT = 1.0  # no result can still be on its way
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 14 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # Redis renews no lease, so a message is only given away again after longer than any task may run
    {"visibility_timeout": 20 * 60, "socket_connect_timeout": 2}
    if CELERY_BROKER_URL.startswith("redis")
    else {}
)
CELERY_WORKER_CONCURRENCY = env.int("CARECRM_WORKERS", 2)
CELERY_TASK_PUBLISH_RETRY = False

# Mail: without a key everything is accepted here, and nothing leaves the machine
SENDGRID_API_KEY = env.str("SENDGRID_API_KEY", "")
SENDGRID_HOST = (env.str("SENDGRID_HOST", "") or "https://api.sendgrid.com").rstrip("/")
MAIL_FROM = env.str("CARECRM_MAIL_FROM", "")
MAIL_REPLY_TO = env.str("CARECRM_MAIL_REPLY_TO", "")
MAIL_TIMEOUT = env.int("CARECRM_MAIL_TIMEOUT", 10)
CARECRM_URL = (env.str("CARECRM_URL", "") or "http://localhost:8000").rstrip("/")
# What the provider and the customers tell back: without its key or secret a door stays closed
SENDGRID_WEBHOOK_KEY = env.str("SENDGRID_WEBHOOK_KEY", "")
SENDGRID_REPLY_SECRET = env.str("SENDGRID_REPLY_SECRET", "")
SENDGRID_REPLY_DOMAIN = env.str("SENDGRID_REPLY_DOMAIN", "")

SHARED_CACHE_URL = env.str("CACHE_URL", "") or (
    CELERY_BROKER_URL if CELERY_BROKER_URL.startswith("redis") else ""
)
CACHES = {"default": env.cache_url_config(SHARED_CACHE_URL or "locmemcache://")}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

API_TOKEN = env.str("CARECRM_API_TOKEN", "")

STATIC_URL = "static/"
STATIC_ROOT = data_folder(str(DATA_FOLDER / "static"))
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "carecrm.static_storage.StaticStorage"},
}
MEDIA_ROOT = DATA_FOLDER / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        "probes": {"()": "carecrm.probe_logs.ProbeFilter"},
        "secrets": {"()": "carecrm.secret_logs.SecretFilter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]},
    },
    "loggers": {
        "django.request": {"filters": ["probes", "secrets"]},
        "python_http_client": {"level": "INFO"},  # below that it prints whole mails
    },
    "root": {"handlers": ["console"], "level": env.str("CARECRM_LOG_LEVEL", "WARNING")},
}
