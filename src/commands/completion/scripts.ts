/** Shells that can complete `opsflow`. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/**
 * What a shell reads once. Each script hands the words to opsflow itself, which knows its commands and this project, and
 * prints what fits: first a line that says more (`:files`, `:nospace` for bash, `:`), then a candidate a line.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of opsflow. Now: eval "$(opsflow completion bash)"
# Always: opsflow completion bash > ~/.local/share/bash-completion/completions/opsflow
_opsflow() {
  local line kind=
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <(command opsflow completion bash -- "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  compopt -o nosort 2>/dev/null
  case $kind in
    :files) compopt -o default 2>/dev/null ;;
    :nospace) compopt -o nospace 2>/dev/null ;;
  esac
  return 0
}
complete -F _opsflow opsflow
`,
  zsh: `#compdef opsflow
# zsh completion of opsflow. Now: eval "$(opsflow completion zsh)"
# Always: opsflow completion zsh > a file \`_opsflow\` in a folder of $fpath
_opsflow() {
  setopt localoptions extendedglob
  local -a found open
  found=("\${(@f)$(command opsflow completion zsh -- "\${(@Q)words[1,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  local kind=$found[1]
  # Nothing stands between \`name=\` and its value.
  open=("\${(@M)found[2,-1]:#([^:\\\\]|\\\\?)#=(:*|)}")
  found=("\${(@)found[2,-1]:|open}")
  _describe -V -t values opsflow found -- open -S ''
  [[ $kind != :files ]] || _files
}
if [ "$funcstack[1]" = _opsflow ]; then
  _opsflow "$@"
else
  compdef _opsflow opsflow
fi
`,
  fish: `# fish completion of opsflow. Now: opsflow completion fish | source
# Always: opsflow completion fish > ~/.config/fish/completions/opsflow.fish
function __opsflow_complete
    set -l current (commandline -ct)
    # As it would be read, also where its quote is still open.
    set -l plain (string unescape -- "$current"; or string unescape -- "$current"'"'; or string unescape -- "$current'")
    set -l found (command opsflow completion fish -- (commandline -opc) "$plain" 2>/dev/null)
    test (count $found) -gt 0; or return
    set -l kind $found[1]
    set -e found[1]
    string join \\n -- $found
    if test "$kind" = :files
        __fish_complete_path "$plain"
    end
end
complete -c opsflow -f -k -a '(__opsflow_complete)'
`,
}
