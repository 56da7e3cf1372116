# Completion of hq for fish: hq completion fish | source in ~/.config/fish/config.fish
function __hq_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l before $words[2..-2]
  $words[1] _complete $before "$words[-1]" 2>/dev/null
end
complete -c hq -e
complete -c hq -a '(__hq_complete)'
