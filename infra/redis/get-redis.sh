#!/bin/sh
# Unpack Debian's redis-server into a folder of the checkout: no root, no service, no system change.
# Prints the folder to put on PATH. Needs apt-get and dpkg (Debian, Ubuntu) and their mirror.
set -eu
dest=${1:-$(cd "$(dirname "$0")/../.." && pwd)/.cache/redis}
if [ -x "$dest/bin/redis-server" ] && "$dest/bin/redis-server" --version >/dev/null 2>&1; then echo "$dest/bin"; exit 0; fi
command -v apt-get >/dev/null && command -v dpkg >/dev/null || { echo "get-redis: no apt-get here; install redis-server 7 or newer yourself" >&2; exit 1; }
tmp=$dest.tmp.$$
trap 'rm -rf "$tmp"' EXIT INT TERM
mkdir -p "$tmp/state/lists/partial" "$tmp/cache/archives/partial" "$tmp/deb" "$tmp/root" "$tmp/bin"
apt() { apt-get -qq -o "Dir::State=$tmp/state" -o Dir::State::status=/var/lib/dpkg/status -o "Dir::Cache=$tmp/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3 "$@" >&2; }
apt update
(cd "$tmp/deb" && apt download redis-server redis-tools libjemalloc2 liblzf1 libatomic1)
for deb in "$tmp"/deb/*.deb; do dpkg -x "$deb" "$tmp/root"; done
for tool in redis-server redis-cli; do
  # the libraries of the folder come last in the search, so the system's own win where it has them
  cat > "$tmp/bin/$tool" <<WRAP
#!/bin/sh
here=\$(cd "\$(dirname "\$0")/.." && pwd)
for d in "\$here"/root/usr/lib/*-linux-gnu* "\$here"/root/lib/*-linux-gnu*; do [ -d "\$d" ] && LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+\$LD_LIBRARY_PATH:}\$d"; done
export LD_LIBRARY_PATH
exec "\$here/root/usr/bin/$tool" "\$@"
WRAP
  chmod 755 "$tmp/bin/$tool"
done
rm -rf "$tmp/state" "$tmp/cache" "$tmp/deb"
"$tmp/bin/redis-server" --version >&2
rm -rf "$dest"; mkdir -p "$(dirname "$dest")"; mv "$tmp" "$dest"
echo "$dest/bin"
