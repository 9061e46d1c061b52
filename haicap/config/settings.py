"""Settings: everything that differs between machines comes from the environment (docs/howto/operator.md)."""

from datetime import timedelta
from pathlib import Path

from haicap.config.env import database, engine, flag, mail, number, secret_key, text, words

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(text("HAICAP_DATA_DIR", str(BASE_DIR / "data"))).resolve()
DEBUG = flag("HAICAP_DEBUG", False)
SECRET_KEY = secret_key(DATA_DIR)
# Codes of dossiers are kept as hashes under this key; with another one every dossier would be a new one
DOSSIER_KEY = text("HAICAP_DOSSIER_KEY", SECRET_KEY)
ALLOWED_HOSTS = words("HAICAP_ALLOWED_HOSTS", "127.0.0.1 localhost testserver")
CSRF_TRUSTED_ORIGINS = words("HAICAP_TRUSTED_ORIGINS", "")
HAICAP_DEMO = flag("HAICAP_DEMO", False)
# one password for invented people on 127.0.0.1
DEMO_PASSWORD = text("HAICAP_DEMO_PASSWORD", "haicap-minh-hoa")
HAICAP_SHOW_PATTERNS = flag("HAICAP_SHOW_PATTERNS", DEBUG)

INSTALLED_APPS = [
    "haicap.config",
    "haicap.routines",
    "haicap.desk",
    "haicap.api",
    "haicap.insight",
    "haicap.warehouse",
    "haicap.reporting",
    "haicap.dossiers",
    "haicap.notify",
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
    "haicap.config.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "haicap.config.limits.BodyLimit",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "haicap.accounts.middleware.ScopeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "haicap.config.refusals.RefusalPages",
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
                "haicap.ui.context.page",
                "haicap.config.demo.mark.context",
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

SIGN_IN_ATTEMPTS = number("HAICAP_SIGN_IN_ATTEMPTS", 8)
# Sign-in: accounts are made by the office, never by whoever passes by; mail goes through haicap.notify
ACCOUNT_ADAPTER = "haicap.notify.adapters.AccountAdapter"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "haicap.accounts.forms.SignInForm",
    "change_password": "haicap.accounts.forms.ChangePasswordForm",
    "reauthenticate": "haicap.accounts.forms.ReauthenticateForm",
    "reset_password": "haicap.accounts.forms.AskResetForm",
    "reset_password_from_key": "haicap.accounts.forms.ResetForm",
}
# A whole province may share one address on the deadline day. Wrong passwords are counted by axes as well,
# wrong codes of the second step only here, per person
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": f"{SIGN_IN_ATTEMPTS}/15m/key"}
MFA_ADAPTER = "haicap.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Haicap"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "haicap.accounts.forms.CodeForm",
    "reauthenticate": "haicap.accounts.forms.CodeAgainForm",
    "activate_totp": "haicap.accounts.forms.ActivateForm",
}
# One name from one address: a stranger elsewhere cannot lock out the leader by guessing
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = SIGN_IN_ATTEMPTS
AXES_CLIENT_IP_CALLABLE = "haicap.accounts.addresses.client_address"
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "haicap.accounts.views.sign_in.locked_out"
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English"), ("bn", "বাংলা")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
WAREHOUSE_DIR = DATA_DIR / "warehouse"
# where the newest snapshot is laid out for other tools; "" for nowhere
LAKE = text("HAICAP_LAKE", "").strip()
PACKS_DIR = BASE_DIR / "packs"
# who answers questions to the facts: "" for DuckDB in this process (docs/howto/scale.md)
ENGINE = engine()

# Counters of sign-in, shared by all processes of the machine; nothing that may not be lost
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "cache"),
    }
}

# Without a mail server news stays in the inbox of the product (haicap.notify)
_mail = mail()
MAIL_ENABLED = bool(_mail)
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST", "localhost"), _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER", ""), _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("HAICAP_MAIL_FROM", "haicap@localhost")
# Where links in mails lead
SITE_URL = text("HAICAP_SITE_URL", (CSRF_TRUSTED_ORIGINS or ["http://127.0.0.1:8000"])[0])
# Web hooks may call into the own network
HOOKS_PRIVATE = flag("HAICAP_HOOKS_PRIVATE", False)

# Who answers when units merge, in this order (units/succession.py says what they are asked)
SUCCESSION_ROOMS = [
    "haicap.accounts.succession",
    "haicap.catalogue.succession",
    "haicap.reporting.succession",
    "haicap.api.succession",
]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Plain HTTP on 127.0.0.1 is the first start; HAICAP_HTTPS=1 behind a proxy that speaks TLS turns the rest on.
HTTPS = flag("HAICAP_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = number("HAICAP_SESSION_HOURS", 12) * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/$"]
SECURE_HSTS_SECONDS = number("HAICAP_HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "haicap.config.views.csrf_failure"

MEBIBYTE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = number("HAICAP_MAX_BODY_MB", 4) * MEBIBYTE
UPLOAD_MAX_SIZE = number("HAICAP_MAX_UPLOAD_MB", 25) * MEBIBYTE
INTAKE_MAX_SIZE = number("HAICAP_MAX_INTAKE_MB", 256) * MEBIBYTE
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_PERMISSIONS = 0o640

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "haicap.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 8}},
    {"NAME": "haicap.accounts.passwords.NotCommon"},
    {"NAME": "haicap.accounts.passwords.NotOneself", "OPTIONS": {"user_attributes": ["username", "name"]}},
]

# No collected copy: names made by Vite carry a hash of their content and may be kept for ever
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"/ui/build/.*[.-][0-9A-Za-z_-]{8,}\.\w+$"

# Logs go to the standard streams and carry no name, address, query or typed value
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "haicap.config.logs.WithoutValues",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"quiet": {"()": "haicap.config.logs.WithoutPersons"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["quiet"]}},
    "root": {"handlers": ["stderr"], "level": text("HAICAP_LOG_LEVEL", "WARNING")},
    "loggers": {
        "haicap": {"level": text("HAICAP_LOG_LEVEL", "INFO")},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # a wrong address is the visitor's matter, not the operator's
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "axes": {"level": "ERROR"},
    },
}
