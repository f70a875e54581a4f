# Ways to install a tool, for the scripts beside this one. A script prints, on its last line, the folder its program
# is in; everything else goes to stderr. What is built lies in $GLU_TOOLS and is built once per version.
# shellcheck shell=bash
set -uo pipefail
: "${GLU_TOOLS:=${XDG_CACHE_HOME:-$HOME/.cache}/glu-actions-tools}"

# build <name-version> <function...>: runs the function with an empty folder, unless it has succeeded before.
build() {
  local folder="$GLU_TOOLS/$1"
  shift
  if [ ! -e "$folder/.complete" ]; then
    rm -rf "$folder"
    mkdir -p "$folder" && "$@" "$folder" >&2 && touch "$folder/.complete" || return 1
  fi
  printf '%s\n' "$folder/bin"
}

# A program from a Python wheel, in an environment of its own: wheel <name==version>.
wheel() { build "${1/==/-}" install_wheel "$1"; }
install_wheel() {
  python3 -m venv "$2" && "$2/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "$1"
}

# A program from a Go module: go_program <package> <version>.
go_program() { build "$(basename "$1")-$2" install_go_program "$1@$2"; }
install_go_program() { GOBIN="$2/bin" GOFLAGS=-modcacherw go install "$1"; }

# A program that `go install` cannot build, because its module replaces others or its host lists no versions: built as
# the main module, in a copy of its sources, which stays beside it: go_sources <module> <version> <program> <flags of go build...>.
go_sources() { build "$3-$2" install_go_sources "$@"; }
install_go_sources() {
  local module=$1 version=$2 program=$3 folder=${*: -1} sources
  local flags=("${@:4:$#-4}")
  sources="$(GOFLAGS=-modcacherw go mod download -json "$module@$version" | sed -n 's/^\t"Dir": "\(.*\)",\?$/\1/p')" || return 1
  [ -d "$sources" ] || return 1
  cp -R "$sources" "$folder/sources" && chmod -R u+w "$folder/sources" || return 1
  (cd "$folder/sources" && GOFLAGS="-modcacherw -mod=mod" go build "${flags[@]}" -o "$folder/bin/$program" .)
}

# Debian packages, when a check of what they are for fails: debian "<check>" <package...>. Nothing is started
# (RUNLEVEL); the tests start what they need, on ports of their own.
debian() {
  local check=$1 as_root=()
  shift
  eval "$check" >/dev/null 2>&1 && return
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  {
    "${as_root[@]}" apt-get update -q &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "$@"
  } >&2
  eval "$check" >&2 || { printf 'not installed: %s\n' "$*" >&2 && return 1; }
}
