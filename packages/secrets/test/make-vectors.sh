#!/usr/bin/env bash
# Encrypts what lies in vectors/plain by the real sops, which must be in the PATH; what it made is committed, so that tests
# need none. The identities are for these files alone.
set -euo pipefail
cd "$(dirname "$0")/vectors"
export SOPS_DISABLE_VERSION_CHECK=1
x25519=$(sed -n 's/^x25519-recipient //p' keys.txt)
hybrid=$(sed -n 's/^hybrid-recipient //p' keys.txt)

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
seal rules.yaml encrypted-comment-regex.yaml --encrypted-comment-regex 'sops:enc'
seal rules.yaml unencrypted-comment-regex.yaml --unencrypted-comment-regex 'sops:(clear|enc)'
seal rules.yaml mac-only-encrypted.yaml --encrypted-suffix _secret --mac-only-encrypted
sops encrypt --age "$x25519,$hybrid" plain/types.json >two-recipients.json
sops encrypt --age "$hybrid" plain/plain.env >hybrid.env
