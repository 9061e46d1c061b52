"""gunicorn's own settings (python:haicap.config.gunicorn); `haicap serve` adds address and counts."""

import os

from haicap.config.env import flag

worker_class = "gthread"
# Not preloaded: DuckDB connections must be opened after the fork
preload_app = False
timeout = 60
graceful_timeout = 15
keepalive = 5
# the supervisor's memory of a worker that hangs lives in memory, not on a slow disk
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Method, path without its query, status, milliseconds: no address, no name, no search word
accesslog = "-" if flag("HAICAP_ACCESS_LOG", False) else None
access_log_format = "%(m)s %(U)s %(s)s %(M)s ms"
errorlog = "-"
loglevel = "warning"
limit_request_line = 8190
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True
