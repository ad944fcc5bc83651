# Shared by latent, test and script/setup, which source it with `root` set to the project's folder.
# shellcheck shell=bash

say() { printf 'latent: %s\n' "$*" >&2; }

# Ends the script with what is missing and the command that fixes it.
fail() {
    say "$1"
    shift
    if (($#)); then printf '    %s\n' "$@" >&2; fi
    exit 1
}

# Sets `swift` to the Swift compiler's command, or ends the script.
find_swift() {
    swift=$(command -v swift || true)
    if [[ -z $swift && -x /opt/swift/usr/bin/swift ]]; then
        swift=/opt/swift/usr/bin/swift
        export PATH="/opt/swift/usr/bin:$PATH"
    fi
    if [[ -z $swift ]]; then
        fail "Swift 6.0 or later is needed, and there is none on PATH or in /opt/swift/usr/bin." \
            "Install it from https://www.swift.org/install/linux/, for example with swiftly:" \
            "curl -O https://download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz" \
            "tar zxf swiftly-$(uname -m).tar.gz && ./swiftly init" \
            "then run this command again in a new shell."
    fi
}
