# shellcheck shell=bash
# What the scripts of this project share: words on the screen, packages, builds, things that must not stay behind.
# Source it from bash; it needs nothing but a bare Debian 12.

set -euo pipefail
export LC_ALL=C.UTF-8

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What a build needs, what tests need beyond it, what the checks need beyond that, what the bench compares with, what the
# search page needs.
declare -A packages=(
  [build]="cmake ninja-build gcc g++ libc6-dev pkg-config re2c protobuf-compiler protobuf-c-compiler libprotobuf-c-dev
    libzmq3-dev libxapian-dev libxxhash-dev libzstd-dev libdeflate-dev zlib1g-dev libinih-dev libjansson-dev libutf8proc-dev
    libsystemd-dev libsqlite3-dev hunspell-da"
  [test]="libcmocka-dev libhunspell-dev xapian-tools python3 python3-zmq python3-protobuf python3-xapian python3-xxhash
    python3-hypothesis xapian-omega lighttpd chromium chromium-driver python3-selenium"
  [check]="clang-format clang-tidy cppcheck shellcheck mandoc"
  [bench]="xapian-omega postgresql python3 python3-psycopg2 sphinxsearch"
  [web]="xapian-omega lighttpd python3 python3-xapian"
)

say() { printf '==> %s\n' "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# ---- what must not stay behind -------------------------------------------------------------------------------------

started=()  # process ids that this script started
folders=()  # temporary folders that it made

# Stop what was started, remove what was made. For a trap on EXIT, which bash also runs after INT and TERM below.
leave_nothing() {
  local pid folder
  for pid in "${started[@]}"; do kill -TERM "$pid" 2>/dev/null || continue; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || continue; done
  for folder in "${folders[@]}"; do rm -rf -- "$folder"; done
  started=() folders=()
}
trap leave_nothing EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# temp_folder: make one that goes with the script; its path is in $folder.
temp_folder() {
  folder=$(mktemp -d "${TMPDIR:-/tmp}/referent.XXXXXX") || fail "cannot make a folder in ${TMPDIR:-/tmp}; set TMPDIR"
  folders+=("$folder")
}

# ---- packages ------------------------------------------------------------------------------------------------------

# The packages among "$@" that are not installed, one a line.
packages_missing() {
  local package
  for package in "$@"; do
    # dpkg-query fails for a package it never heard of, which is an answer too.
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif [ -t 0 ] || [ -t 2 ]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# Install what is missing of the named lists (build, test, check); asks apt for fresh lists only when it has to.
packages_install() {
  local list wanted=() missing=()
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this system has no apt; use Debian 12, or install what deploy/lib.sh lists and run cmake --preset release"
  fi
  for list in "$@"; do
    # shellcheck disable=SC2206 # names of packages, to be split
    wanted+=(${packages[$list]})
  done
  mapfile -t missing < <(packages_missing "${wanted[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    fail "run this as root, or install sudo, or have these installed: ${missing[*]}"
  say "installing ${#missing[@]} packages: ${missing[*]}"
  temp_folder
  local log=$folder/apt.log
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}")
  if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || ! as_root "${install[@]}" </dev/null >"$log" 2>&1; then
    say "fetching the lists of packages"
    as_root apt-get update -q </dev/null >"$log" 2>&1 ||
      { tail -n 5 "$log" >&2; fail "apt-get update failed; check the network and /etc/apt/sources.list"; }
    as_root "${install[@]}" </dev/null >"$log" 2>&1 ||
      { tail -n 15 "$log" >&2; fail "apt-get could not install them; this needs Debian 12 (bookworm), component main"; }
  fi
  # Debian starts a web server on port 80 as soon as it is there; the search page starts its own, on loopback.
  if [[ " ${missing[*]} " == *" lighttpd "* ]] && [ -d /run/systemd/system ]; then
    as_root systemctl disable --now --quiet lighttpd </dev/null >"$log" 2>&1 ||
      say "lighttpd could not be stopped; it may listen on port 80"
  fi
  # Debian makes a cluster of PostgreSQL and starts it; the bench makes its own, in a temporary folder.
  if [[ " ${missing[*]} " == *" postgresql "* ]] && [ -d /run/systemd/system ]; then
    as_root systemctl disable --now --quiet postgresql </dev/null >"$log" 2>&1 ||
      say "postgresql could not be stopped; it listens on port 5432"
  fi
}

# ---- builds --------------------------------------------------------------------------------------------------------

# How many compilers or tests at once: one a core, and 1 GB of memory for each.
parallel() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
  [ "$memory" -ge 1 ] || memory=1
  echo $((cores < memory ? cores : memory))
}

# Show ninja's progress: one line that moves on a terminal, a line for every tenth of the way elsewhere.
build_progress() {
  local line step=0 shown=-1
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    step=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
    if [ -t 1 ]; then
      printf '\r    %s of %s \033[K' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    elif [ "$step" -ne "$shown" ]; then
      printf '    %s of %s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
      shown=$step
    fi
  done
  [ ! -t 1 ] || printf '\r\033[K'
}

# build PRESET [TARGET...]: configure and build into build/PRESET; on failure show the end of what went wrong.
build() {
  local preset=$1 log
  shift
  mkdir -p "$top/build"
  log=$top/build/$preset.log
  say "building $preset into build/$preset"
  (cd "$top" && cmake --preset "$preset") >"$log" 2>&1 ||
    { tail -n 20 "$log" >&2; fail "cmake could not configure the preset $preset; all of it is in $log"; }
  (cd "$top" && cmake --build --preset "$preset" --parallel "$(parallel)" ${1:+--target "$@"}) 2>&1 |
    tee "$log" | build_progress ||
    { grep -A 12 -m 3 -E 'FAILED|error:' "$log" >&2; fail "the build of $preset failed; all of it is in $log"; }
}

# ---- daemon --------------------------------------------------------------------------------------------------------

# daemon_start PROGRAM DATA LOG: start a daemon on free loopback ports; its endpoints are in $feed and $search.
daemon_start() {
  local program=$1 data=$2 log=$3 pid ready deadline
  : >"$log"
  "$program" --data "$data" --feed 'tcp://127.0.0.1:*' --search 'tcp://127.0.0.1:*' </dev/null 2>"$log" >&2 &
  pid=$!
  started+=("$pid")
  deadline=$((SECONDS + 30))
  while ! ready=$(grep -m 1 '^event=ready ' "$log"); do
    kill -0 "$pid" 2>/dev/null || { cat "$log" >&2; fail "the daemon ended at its start; its words are above"; }
    [ "$SECONDS" -lt "$deadline" ] || { cat "$log" >&2; fail "the daemon is not ready after 30 s; its words are above"; }
    sleep 0.1
  done
  feed=${ready#* feed=} feed=${feed%% *}
  search=${ready#* search=} search=${search%% *}
}
