# Completion of hq for bash: eval "$(hq completion bash)" in ~/.bashrc
_hq() {
  # By blanks alone: bash's own words end at : and = too, which stand in the middle of hq's.
  local line=${COMP_LINE:0:COMP_POINT} words out cur kept
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  cur=${words[${#words[@]}-1]}
  # Of a word with : or = in it bash puts in only what stands behind.
  kept=${cur%"${cur##*[:=]}"}
  COMPREPLY=()
  while IFS= read -r out; do
    out=${out%%$'\t'*}
    COMPREPLY+=("${out#"$kept"}")
  done < <("${words[0]/#\~/$HOME}" _complete "${words[@]:1}" 2>/dev/null)
}
complete -o default -o nosort -F _hq hq ./hq 2>/dev/null || complete -o default -F _hq hq ./hq
