#!/usr/bin/env bash
# Installs what the tests need from Debian's packages, when it is missing and when this user may; never fails.
set -uo pipefail
wanted=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || wanted+=(chromium)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || wanted+=(postgresql)
# Spark, which the tests start themselves, runs in Java 17 or newer
[ -n "${JAVA_HOME:-}" ] || command -v java >/dev/null || wanted+=(openjdk-17-jre-headless)
[ ${#wanted[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "Not installed and no apt-get here: ${wanted[*]}. The tests that need them are left out." >&2
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  else
    echo "Not installed and no right to install: ${wanted[*]}. The tests that need them are left out." >&2
    echo "To run them too:  sudo apt-get install ${wanted[*]}" >&2
    exit 0
  fi
fi
echo "Installing ${wanted[*]}" >&2
# The tests make a cluster of their own, so the package need not make one
if [[ " ${wanted[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  "${as_root[@]}" mkdir -p /etc/postgresql-common
  echo "create_main_cluster = false" | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
export DEBIAN_FRONTEND=noninteractive
if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold "${wanted[@]}"; } >.make/packages.log 2>&1; then
  echo "apt-get could not install ${wanted[*]} (see .make/packages.log). The tests that need them are left out." >&2
fi
exit 0
