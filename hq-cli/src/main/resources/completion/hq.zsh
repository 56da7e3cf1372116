# Completion of hq for zsh: eval "$(hq completion zsh)" in ~/.zshrc, after compinit
_hq() {
  local -a lines described
  local line word
  lines=("${(@f)$("${words[1]}" _complete "${(@)words[2,CURRENT-1]}" "${words[CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    [[ -n $line ]] || continue
    word=${line%%$'\t'*}
    described+=("${word//:/\\:}${${line#$word}:+:${line#*$'\t'}}")
  done
  if (( $#described )); then
    _describe -V hq described
  else
    _files
  fi
}
compdef _hq hq
