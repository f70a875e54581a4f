/**
 * What the job runs: fixed POSIX shell, the same for every component, nothing interpolated. It runs the `glu` of the
 * image; else the bundle named by `GLU_BUNDLE`; else the bundle of the component's project at exactly the commit the
 * component came from, whose digest a release writes here as a literal: a variable could be overridden. The job token reaches Git through its environment only, and only the two commands that need it.
 */
export function gitlabScript(cli: string, bundleDigest: string): string {
  return `set -eu
digest=${bundleDigest === "" ? "''" : bundleDigest}
if command -v glu >/dev/null 2>&1; then
  set -- glu
elif [ -n "\${GLU_BUNDLE:-}" ]; then
  set -- node "$GLU_BUNDLE/glu.js"
else
  glu_home="$(mktemp -d)"
  trap 'rm -rf "$glu_home"' EXIT
  git init -q "$glu_home"
  (
    export GIT_TERMINAL_PROMPT=0
    if [ -n "\${CI_JOB_TOKEN:-}" ]; then
      n="\${GIT_CONFIG_COUNT:-0}"
      basic="$(printf 'gitlab-ci-token:%s' "$CI_JOB_TOKEN" | base64 | tr -d '\\n')"
      export GIT_CONFIG_COUNT="$((n + 1))" "GIT_CONFIG_KEY_$n=http.$CI_SERVER_URL/.extraHeader" "GIT_CONFIG_VALUE_$n=Authorization: Basic $basic"
    fi
    git -C "$glu_home" fetch -q --depth 1 -- "$CI_SERVER_URL/$GLU_COMPONENT_PROJECT.git" "$GLU_COMPONENT_SHA"
    git -C "$glu_home" checkout -q FETCH_HEAD
  )
  if [ -n "$digest" ]; then
    (
      cd "$glu_home/dist"
      echo "$digest  SHA256SUMS" | sha256sum -c - >/dev/null
      sha256sum -c SHA256SUMS >/dev/null
    )
  else
    echo "glu: this component is not a release; its bundle is the one of commit $GLU_COMPONENT_SHA, with no digest to compare" >&2
  fi
  set -- node "$glu_home/dist/glu.js"
fi
"$@" ${cli}
`;
}
