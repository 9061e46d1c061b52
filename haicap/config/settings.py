"""Settings: everything that differs between machines comes from the environment (docs/howto/operator.md)."""

from pathlib import Path

from haicap.config.env import database, flag, secret_key, text, words

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(text("HAICAP_DATA_DIR", str(BASE_DIR / "data"))).resolve()
DEBUG = flag("HAICAP_DEBUG", False)
SECRET_KEY = secret_key(DATA_DIR)
ALLOWED_HOSTS = words("HAICAP_ALLOWED_HOSTS", "127.0.0.1 localhost testserver")
CSRF_TRUSTED_ORIGINS = words("HAICAP_TRUSTED_ORIGINS", "")
HAICAP_DEMO = flag("HAICAP_DEMO", False)
HAICAP_SHOW_PATTERNS = flag("HAICAP_SHOW_PATTERNS", DEBUG)

INSTALLED_APPS = [
    "haicap.config",
    "haicap.routines",
    "haicap.desk",
    "haicap.api",
    "haicap.insight",
    "haicap.warehouse",
    "haicap.reporting",
    "haicap.accounts",
    "haicap.catalogue",
    "haicap.units",
    "haicap.audit",
    "haicap.tables",
    "haicap.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "haicap.config.urls"
WSGI_APPLICATION = "haicap.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

DATABASES = {"default": database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English"), ("bn", "বাংলা")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WAREHOUSE_DIR = DATA_DIR / "warehouse"
PACKS_DIR = BASE_DIR / "packs"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
