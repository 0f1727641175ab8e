#!/bin/sh
# Makes sure that what Jingwei needs from the system is there.
#
#   scripts/setup.sh [runtime|test]...     without an argument: both
#
# runtime: PostgreSQL 15 or newer with PostGIS, ogr2ogr, a font with Chinese for prints, a C compiler, Go, Node 20 or newer.
# test: Chromium and CJK fonts besides.
#
# What is missing is installed through apt-get where the user is root or may sudo without a password; otherwise
# the command to run is printed and the script ends with 1. When nothing is missing it calls nothing and is quick.
set -eu

packages=""  # what apt-get has to install
by_hand=""   # what it can't

need() { packages="$packages $*"; }
by_hand() { by_hand="$by_hand
  $*"; }
has() { command -v "$1" >/dev/null 2>&1; }

# Debian puts the servers' programs where PATH doesn't lead.
newest_postgres() {
    best=0
    for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin $(printf %s "$PATH" | tr : ' '); do
        [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] || continue
        major=$("$dir/postgres" --version 2>/dev/null | sed -n 's/.*(PostgreSQL) \([0-9]*\).*/\1/p')
        [ "${major:-0}" -gt "$best" ] && best=$major
    done
    echo "$best"
}

has_postgis() {
    for control in "/usr/share/postgresql/$1/extension/postgis.control" "/usr/pgsql-$1/share/extension/postgis.control" \
        /usr/local/pgsql/share/extension/postgis.control /usr/local/share/postgresql/extension/postgis.control; do
        [ -e "$control" ] && return 0
    done
    return 1
}

check_postgres() {
    major=$(newest_postgres)
    if [ "$major" -lt 15 ]; then
        need postgresql postgresql-postgis
    elif ! has_postgis "$major"; then
        need "postgresql-$major-postgis-3"
    fi
}

check_go() {
    has go || by_hand "Go 1.21 or newer (it fetches the version that go.mod names): https://go.dev/dl/"
}

check_node() {
    version=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
    if [ "${version:-0}" -lt 20 ] || ! has npm; then
        by_hand "Node 20 or newer with npm (found: ${version:-none}): https://nodejs.org/"
    fi
}

check_compiler() {
    if ! printf '#include <stdio.h>\n' | "${CC:-gcc}" -E - >/dev/null 2>&1; then
        need gcc libc6-dev
    fi
}

check_chromium() {
    has chromium || has chromium-browser || has google-chrome || need chromium
    # Mesa draws the map without a graphics card, and keeps what it has compiled from one page to the next.
    ls /usr/lib/*/libEGL.so.1 >/dev/null 2>&1 || need libegl1
    ls /usr/lib/*/libEGL_mesa.so.0 >/dev/null 2>&1 || need libegl-mesa0
    ls /usr/lib/*/dri/swrast_dri.so >/dev/null 2>&1 || need libgl1-mesa-dri
}

# Prints are made with the letters of any of these (internal/sheet/font.go); the one that is installed is small.
check_print_font() {
    for dir in /usr/share/fonts /usr/local/share/fonts "$HOME/.local/share/fonts" "$HOME/.fonts"; do
        [ -d "$dir" ] || continue
        if [ -n "$(find "$dir" -name 'NotoSansCJK-Regular.ttc' -o -name 'NotoSans*SC-Regular.*' -o -name 'SourceHanSans*-Regular.otf' \
            -o -name 'DroidSansFallback*.ttf' 2>/dev/null | head -n 1)" ]; then
            return 0
        fi
    done
    need fonts-droid-fallback
}

check_fonts() {
    if has fc-list && [ -n "$(fc-list :lang=zh-cn family 2>/dev/null | head -n 1)" ]; then
        return 0
    fi
    for font in /usr/share/fonts/opentype/noto/NotoSansCJK*; do
        [ -e "$font" ] && return 0
    done
    need fonts-noto-cjk
}

[ $# -gt 0 ] || set -- runtime test
for group in "$@"; do
    case $group in
    runtime)
        check_postgres
        has ogr2ogr || need gdal-bin
        check_print_font
        check_compiler
        check_go
        check_node
        ;;
    test)
        check_chromium
        check_fonts
        ;;
    *)
        echo "setup.sh: no such group: $group (there are runtime and test)" >&2
        exit 2
        ;;
    esac
done

# Debian's postgresql makes a cluster of its own when it is installed, and starts it. We run a private one, so for the
# time of the installation the making is turned off; a cluster that is there already isn't touched.
apt() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q "$@"; }
install_packages() {
    conf=/etc/postgresql-common/createcluster.conf
    apt update
    case " $packages " in
    *" postgresql "*)
        apt install -y --no-install-recommends postgresql-common
        $sudo cp -p "$conf" "$conf.before-jingwei"
        trap '$sudo mv -f "$conf.before-jingwei" "$conf"' EXIT
        trap 'exit 1' HUP INT TERM
        echo "create_main_cluster = false" | $sudo tee -a "$conf" >/dev/null
        ;;
    esac
    # shellcheck disable=SC2086 # a list of words
    apt install -y --no-install-recommends $packages
}

if [ -n "$packages" ]; then
    sudo=none
    if has apt-get; then
        if [ "$(id -u)" -eq 0 ]; then
            sudo=""
        elif has sudo && sudo -n true 2>/dev/null; then
            sudo="sudo"
        fi
    fi
    if [ "$sudo" = none ]; then
        echo "缺少以下软件包，且当前用户不能安装。请运行：" >&2
        echo "These packages are missing and this user can't install them. Run:" >&2
        echo >&2
        case " $packages " in
        *" postgresql "*)
            echo "  sudo apt-get update && sudo apt-get install -y postgresql-common &&" >&2
            echo "  echo 'create_main_cluster = false' | sudo tee -a /etc/postgresql-common/createcluster.conf &&" >&2
            echo "  sudo apt-get install -y --no-install-recommends$packages" >&2
            ;;
        *)
            echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$packages" >&2
            ;;
        esac
        has apt-get || echo "(这里没有 apt-get，请用本系统的包管理器安装同等软件 / there is no apt-get here: install the like with your system's own)" >&2
    else
        echo "安装 / installing:$packages"
        install_packages
    fi
fi

if [ -n "$by_hand" ]; then
    echo "请先自行安装 / install these first:$by_hand" >&2
fi
if [ -n "$by_hand" ] || { [ -n "$packages" ] && [ "$sudo" = none ]; }; then
    exit 1
fi
