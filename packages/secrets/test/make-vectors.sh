#!/usr/bin/env bash
# Encrypts what lies in vectors/plain by the real sops, which must be in the PATH; what it made is committed, so that tests
# need none. The identities are for these files alone.
set -euo pipefail
cd "$(dirname "$0")/vectors"
export SOPS_DISABLE_VERSION_CHECK=1
x25519=$(sed -n 's/^x25519-recipient //p' keys.txt)
another=$(sed -n 's/^another-recipient //p' keys.txt)

seal() {
  local from=$1 to=$2
  shift 2
  sops encrypt --age "$x25519" "$@" "plain/$from" >"$to"
}

seal types.yaml types.yaml
seal documents.yaml documents.yaml
seal types.json types.json
seal plain.env plain.env
seal plain.ini plain.ini
seal whole.txt whole.txt.json --input-type binary
seal rules.yaml unencrypted-suffix.yaml --unencrypted-suffix secret
seal rules.yaml encrypted-suffix.yaml --encrypted-suffix _secret
seal rules.yaml encrypted-regex.yaml --encrypted-regex '^(nested|list)$'
seal rules.yaml unencrypted-regex.yaml --unencrypted-regex '^(nested|public)$'
sops encrypt --age "$x25519,$another" plain/types.json >two-recipients.json

# Other rules come from a config file alone.
config=$(mktemp)
trap 'rm -f "$config"' EXIT
by_config() {
  printf '{"creation_rules":[{"age":"%s",%s}]}' "$x25519" "$2" >"$config"
  sops --config "$config" encrypt plain/rules.yaml >"$1"
}
by_config encrypted-comment-regex.yaml '"encrypted_comment_regex":"sops:enc"'
by_config unencrypted-comment-regex.yaml '"unencrypted_comment_regex":"sops:(clear|enc)"'
by_config mac-only-encrypted.yaml '"encrypted_suffix":"_secret","mac_only_encrypted":true'
